import type { RouteVariant } from '../../model/analysis.ts';
import {
  asPathText,
  formatDuration,
  formatMs,
  formatMsChange,
  formatShare,
  pluralize,
} from '../../model/format.ts';
import { patienceIntervals } from '../../model/overdue.ts';
import type { Failure } from '../../model/trace.ts';
import type { NewLoss, Slowdown } from './degradation.ts';
import type { RouteDeparture } from './routeDeparture.ts';
import type { TraceStep } from './traceSteps.ts';

/** Why a test is `stale` that has neither trace nor failure in the window. */
export const noTraceReason = 'No trace in the window.';

/** `in the last 5 traces`, `in the last trace`. */
function lastTraces(count: number): string {
  return count === 1 ? 'in the last trace' : `in the last ${count} traces`;
}

/** Why `unreached`: the traces before the outage and those in it. */
export function unreachedReason(before: readonly TraceStep[], since: readonly TraceStep[]): string {
  const hits = before.filter(({ reached }) => reached).length;
  const route = since.at(-1)?.trace.route;
  const end = route?.hops.findLast(({ addresses }) => addresses.length > 0);
  const where = end === undefined ? 'no hop answers' : `the last answer comes from hop ${end.ttl}`;
  const error = end?.error ? ` (${end.error})` : '';
  return `Not reached ${lastTraces(since.length)}, reached in ${hits} of ${before.length} before; ${where}${error}.`;
}

/** Why `failed`: the failures since the last trace, oldest first. */
export function failedReason(failures: readonly Failure[]): string {
  return `${pluralize(failures.length, 'failed run')} since the last trace; the newest: ${failures.at(-1)?.error}`;
}

/** Why `stale`: the interval, seconds, and how long a result may take. */
export function staleReason(intervalSeconds: number): string {
  const patience = formatDuration(patienceIntervals * intervalSeconds);
  return `No result for more than ${patience}, ${patienceIntervals} times the usual interval of ${formatDuration(intervalSeconds)}.`;
}

function asDifference(usual: RouteVariant, current: RouteVariant): string {
  const [before, now] = [usual, current].map(({ asPath }) => asPathText(asPath, 'unknown'));
  return before === now ? 'same AS path' : `AS path ${now}, usual ${before}`;
}

function rttEffect(usual: RouteVariant, current: RouteVariant): string {
  const [before, now] = [usual.medianRttMs, current.medianRttMs];
  if (before === null || now === null) return '';
  return `; RTT ${formatMs(now)}, usual ${formatMs(before)} (${formatMsChange(now - before)})`;
}

/** Why `changed`: the departure and the traces since. */
export function changedReason({ usual, current, from }: RouteDeparture, since: number): string {
  const route = `Route ${current.letter} instead of ${usual.letter} ${lastTraces(since)}`;
  return `${route}, after ${pluralize(from, 'trace')} before; ${asDifference(usual, current)}${rttEffect(usual, current)}.`;
}

/** Why `degraded` by RTT. */
export function slowdownReason({ nowMs, usualMs, traces }: Slowdown): string {
  const rise = formatMsChange(nowMs - usualMs);
  return `RTT ${formatMs(nowMs)}, usual ${formatMs(usualMs)} (${rise}) ${lastTraces(traces)}.`;
}

/** Why `degraded` by loss. */
export function lossReason({ missed, of, usualShare, lostShare }: NewLoss): string {
  if (lostShare < 1) {
    const lost = `${formatShare(lostShare)} of the probes were lost in ${missed} of the last ${of} traces`;
    return `${lost}, usual in ${formatShare(usualShare)} of them.`;
  }
  return `Destination missed ${missed} of the last ${of} traces, usual ${formatShare(usualShare)}.`;
}

/** Why `flapping`: the steps in which two routes alternate. */
export function flappingReason(
  steps: readonly TraceStep[],
  variants: readonly RouteVariant[],
): string {
  const switches = steps.filter((step, i) => i > 0 && step.variant !== steps[i - 1]?.variant);
  const letters = new Set(steps.map(({ variant }) => variants[variant]?.letter));
  return `Routes ${[...letters].sort().join(' and ')} replaced each other ${switches.length} times ${lastTraces(steps.length)}.`;
}

/** Why `filtered`: how many of the steps reached the destination. */
export function filteredReason(hits: number, steps: readonly TraceStep[]): string {
  const route = steps.at(-1)?.trace.route;
  const end = route?.hops.findLast(({ addresses }) => addresses.length > 0);
  const where = end === undefined ? 'no hop answers' : `the route ends at hop ${end.ttl}`;
  const answered =
    hits === 0
      ? `The destination answered in none of ${pluralize(steps.length, 'trace')}`
      : `The destination answered in only ${hits} of ${pluralize(steps.length, 'trace')}`;
  return `${answered}; ${where}${end?.error ? ` (${end.error})` : ''}.`;
}

/** Why `ok`: the route in use, its RTT and what was missed. */
export function okReason(steps: readonly TraceStep[], usual: RouteVariant | null): string {
  const rtt = steps.at(-1)?.rttMs ?? null;
  const usualMs = usual?.medianRttMs ?? null;
  const route =
    usual === null
      ? ''
      : `Route ${usual.letter} in ${usual.traces} of ${pluralize(steps.length, 'trace')}`;
  const time = rtt === null ? '' : `, RTT ${formatMs(rtt)}`;
  const compared = usualMs === null || rtt === null ? '' : `, usual ${formatMs(usualMs)}`;
  const missed = steps.filter(({ reached }) => !reached).length;
  const loss = missed === 0 ? '' : `, not reached in ${missed}`;
  return `${route}${time}${compared}${loss}.`;
}
