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

/** The reason of a `stale` test without any trace or failure in the window. */
export const noTraceReason = 'No traces in the window.';

/** `in the last 5 traces`, `in the last trace`. */
function lastTraces(count: number): string {
  return count === 1 ? 'in the last trace' : `in the last ${count} traces`;
}

/** The reason of `unreached`: the traces before the outage and those in it. */
export function unreachedReason(before: readonly TraceStep[], since: readonly TraceStep[]): string {
  const hits = before.filter(({ reached }) => reached).length;
  const route = since.at(-1)?.trace.route;
  const end = route?.hops.findLast(({ addresses }) => addresses.length > 0);
  const where = end === undefined ? 'no hop answers' : `the last answer comes from hop ${end.ttl}`;
  const error = end?.error ? ` (${end.error})` : '';
  const earlier = `${hits} of ${before.length} before reached it`;
  return `Destination not reached ${lastTraces(since.length)} (${earlier}); ${where}${error}.`;
}

/** The reason of `failed`: the failures since the last trace, oldest first. */
export function failedReason(failures: readonly Failure[]): string {
  const count = pluralize(failures.length, 'failed run');
  return `${count} since the last trace; latest error: ${failures.at(-1)?.error}`;
}

/** The reason of `stale`: the interval, seconds, and how long a result may take. */
export function staleReason(intervalSeconds: number): string {
  const patience = formatDuration(patienceIntervals * intervalSeconds);
  const interval = formatDuration(intervalSeconds);
  return `No result for more than ${patience}, ${patienceIntervals} times the usual interval of ${interval}.`;
}

function asDifference(usual: RouteVariant, current: RouteVariant): string {
  const [before, now] = [usual, current].map(({ asPath }) => asPathText(asPath, 'unknown'));
  return before === now ? 'same AS path' : `AS path ${now}, usually ${before}`;
}

function rttEffect(usual: RouteVariant, current: RouteVariant): string {
  const [before, now] = [usual.medianRttMs, current.medianRttMs];
  if (before === null || now === null) return '';
  return `; RTT ${formatMs(now)}, usually ${formatMs(before)} (${formatMsChange(now - before)})`;
}

/** The reason of `changed`: the departure, and the number of traces since. */
export function changedReason({ usual, current, from }: RouteDeparture, since: number): string {
  const route = `Route ${current.letter} instead of route ${usual.letter}`;
  const traces = `in the last ${since} of ${from + since} traces`;
  return `${route} ${traces}; ${asDifference(usual, current)}${rttEffect(usual, current)}.`;
}

/** The reason of `degraded` by RTT. */
export function slowdownReason({ nowMs, usualMs, traces }: Slowdown): string {
  const rise = formatMsChange(nowMs - usualMs);
  return `RTT ${formatMs(nowMs)} ${lastTraces(traces)}, usually ${formatMs(usualMs)} (${rise}).`;
}

/** The reason of `degraded` by loss. */
export function lossReason({ missed, of, usualShare, lostShare }: NewLoss): string {
  if (lostShare < 1) {
    const lost = `${formatShare(lostShare)} of the probes lost in ${missed} of the last ${of} traces`;
    return `${lost}, usually in ${formatShare(usualShare)} of the traces.`;
  }
  const usual = formatShare(usualShare);
  return `Destination not reached in ${missed} of the last ${of} traces, usually in ${usual}.`;
}

/** The reason of `flapping`: the steps in which two routes alternate. */
export function flappingReason(
  steps: readonly TraceStep[],
  variants: readonly RouteVariant[],
): string {
  const switches = steps.filter((step, i) => i > 0 && step.variant !== steps[i - 1]?.variant);
  const letters = new Set(steps.map(({ variant }) => variants[variant]?.letter));
  const routes = [...letters].sort().join(' and ');
  return `Routes ${routes} replaced each other ${switches.length} times ${lastTraces(steps.length)}.`;
}

/** The reason of `filtered`: how many of the steps reached the destination. */
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

/** The reason of `ok`: the route in use, its RTT, and the misses. */
export function okReason(steps: readonly TraceStep[], usual: RouteVariant | null): string {
  const rtt = steps.at(-1)?.rttMs ?? null;
  const usualMs = usual?.medianRttMs ?? null;
  const route =
    usual === null
      ? ''
      : `Route ${usual.letter} in ${usual.traces} of ${pluralize(steps.length, 'trace')}`;
  const time = rtt === null ? '' : `, RTT ${formatMs(rtt)}`;
  const compared = usualMs === null || rtt === null ? '' : ` (usually ${formatMs(usualMs)})`;
  const missed = steps.filter(({ reached }) => !reached).length;
  const loss = missed === 0 ? '' : `, not reached in ${missed}`;
  return `${route}${time}${compared}${loss}.`;
}
