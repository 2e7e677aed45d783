import {
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  pluralize,
  utcSpan,
  utcTime,
} from '../values/format.ts';
import type { Change } from './change.ts';
import { type GradingReason, isUnsure } from './grading.ts';
import type { RouteChangeReason } from './routeChange.ts';

/**
 * Why a change was reported, one sentence each: when it occurred, the route before, where the
 * routes diverge, the evidence, how sure it is.
 */
export function explainChange(change: Change): string[] {
  return [timing(change), ...classReasons(change), ...certainty(change)];
}

function timing({ class: changeClass, onset, detectedAt }: Change): string {
  const confirmation = detectedAt > onset.by ? `; confirmed at ${utcTime(detectedAt)}` : '';
  if (changeClass === 'vanished')
    return onset.after === null
      ? `No result had arrived by ${utcTime(onset.by)}.`
      : `The last result dates from ${utcTime(onset.after)}.`;
  return onset.after === null
    ? `Occurred by ${utcTime(onset.by)}${confirmation}.`
    : `Occurred between ${utcSpan(onset.after, onset.by, 'and')}${confirmation}.`;
}

function classReasons(change: Change): string[] {
  switch (change.class) {
    case 'unreachable':
      return [...oldRouteShare(change), ...endOfRoute(change)];
    case 'inter_as':
    case 'intra_as':
    case 'same_site':
    case 'flap':
      return [
        ...oldRouteShare(change),
        ...divergence(change),
        novelty(change),
        ...routeEvidence(change),
      ];
    case 'rtt_shift':
    case 'loss':
    case 'mtu_drop':
      return [performance(change), ...stepEvidence(change)];
    case 'policy':
      return policy(change);
    default:
      return [];
  }
}

function oldRouteShare({ prevalence, usedSince }: Change): string[] {
  if (prevalence === null) return [];
  const since = usedSince === null ? '' : `, first seen at ${utcTime(usedSince)}`;
  return [`${formatPercent(100 * prevalence)} of this test's traces took the old route${since}.`];
}

function divergence({ evidence: { edge } }: Change): string[] {
  return edge === null
    ? []
    : [`The routes diverge after ${edge[0]}; ${edge[1]} is no longer used.`];
}

function novelty({ seenBeforeAt }: Change): string {
  return seenBeforeAt === null
    ? 'The new route has not been seen before.'
    : `The new route was last seen at ${utcTime(seenBeforeAt)}.`;
}

function endOfRoute({ evidence: { edge }, icmpError, route }: Change): string[] {
  const isAllSilent = route.length > 0 && route.every(({ after }) => after.length === 0);
  const lastHop =
    edge === null ? [] : [`The route ends at ${edge[0]}; ${edge[1]} no longer replies.`];
  const whereItEnds = isAllSilent ? ['No hop replies any more.'] : lastHop;
  return icmpError === null ? whereItEnds : [...whereItEnds, `A router reports ${icmpError}.`];
}

function performance({ class: changeClass, verdict }: Change): string {
  const { rttBeforeMs, rttAfterMs, lossBeforePct, lossAfterPct, mtuBefore, mtuAfter } = verdict;
  if (changeClass === 'rtt_shift' && rttBeforeMs !== null && rttAfterMs !== null)
    return `The median RTT went from ${formatMs(rttBeforeMs)} to ${formatMs(rttAfterMs)} over the same route.`;
  if (changeClass === 'loss' && lossBeforePct !== null && lossAfterPct !== null)
    return `${formatPercent(lossAfterPct)} of the traces do not reach the destination; usually ${formatPercent(lossBeforePct)}.`;
  if (changeClass === 'mtu_drop' && mtuBefore !== null && mtuAfter !== null)
    return `The path MTU fell from ${mtuBefore} to ${mtuAfter} bytes over the same route.`;
  return 'The route stayed the same.';
}

function policy({ policy: breach }: Change): string[] {
  if (breach === undefined) return [];
  return [`Policy ${breach.rule}: expected ${breach.expected}, found ${breach.found}.`];
}

const reasonTexts: Readonly<Record<Exclude<GradingReason, 'company'>, string>> = {
  interior: 'other tests through this AS do not show it',
  rehash: 'other tests of this source changed elsewhere at the same moment',
  repeat: 'this test changed in the same AS shortly before',
  routers: 'only some of the routers differ',
};

/** `96% sure: 3 other tests show the same.` */
function certainty(change: Change): string[] {
  const { confidence, grading } = change;
  if (confidence === null) return [];
  const percent = formatPercent(100 * confidence);
  const said = isUnsure(change) ? `Unsure, ${percent}` : `${percent} sure`;
  const reasons = (grading?.reasons ?? []).map(([reason]) =>
    reason === 'company' ? companyText(change) : reasonTexts[reason],
  );
  return [reasons.length === 0 ? `${said}.` : `${said}: ${reasons.join('; ')}.`];
}

function companyText({ grading }: Change): string {
  const count = grading?.company.length ?? 0;
  return count === 1 ? 'one other test shows the same' : `${count} other tests show the same`;
}

const differenceTexts: Readonly<Record<RouteChangeReason, string>> = {
  as: 'passes other ASes',
  place: 'passes other places',
  time: 'takes clearly longer or shorter',
  hops: 'has other routers and another number of hops',
  most_routers: 'has other routers for most of the way',
  routers: 'has some other routers; nothing else is known about them',
  site: 'has other routers at the same site',
};
/** Beyond this, a factor says no more. */
const maxFactor = 1_000_000;

function routeEvidence({ routeChange }: Change): string[] {
  if (routeChange === undefined) return [];
  const { reason, evidenceNats, traces } = routeChange;
  const factor = Math.exp(evidenceNats);
  const times =
    factor > maxFactor
      ? 'more than a million times'
      : `${formatCount(Math.max(1, Math.round(factor)))} times`;
  const found = `${pluralize(traces, 'trace')} ${traces === 1 ? 'gives' : 'give'}`;
  return [
    `The new route ${differenceTexts[reason]}.`,
    `${found} ${natsText(evidenceNats)} of evidence: a route of their own makes them ${times} likelier than the old route.`,
  ];
}

function natsText(nats: number): string {
  return `${nats} ${nats === 1 ? 'nat' : 'nats'}`;
}

function stepEvidence({ step }: Change): string[] {
  if (step === undefined) return [];
  const { noiseMs, leastStepMs, riseSeconds, daysCompared, daysWithRise, daily } = step;
  const days = `${daysWithRise} of ${pluralize(daysCompared, 'earlier day')}`;
  return [
    `The usual noise is ${formatMs(noiseMs)}; a step counts from ${formatMs(leastStepMs)} on. The rise took ${formatDuration(riseSeconds)}.`,
    ...(daysCompared === 0 ? [] : [`The same rise is in the same hours of ${days}.`]),
    ...(daily === null
      ? []
      : [
          `It recurs daily from ${daily.fromHour} to ${daily.toHour} h UTC, by ${formatMs(daily.heightMs)}.`,
        ]),
  ];
}
