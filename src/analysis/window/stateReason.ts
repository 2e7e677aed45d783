import { type AcceptedChange, acceptanceText } from '../../model/change/acceptance.ts';
import { type Change, compareSeverity } from '../../model/change/change.ts';
import { changeClassLabels } from '../../model/change/changeLabels.ts';
import { verdictText } from '../../model/change/verdictText.ts';
import type { RouteVariant } from '../../model/site/analysis.ts';
import { patienceIntervals } from '../../model/test/overdue.ts';
import { type Failure, lastReplyingHop, type Trace } from '../../model/trace/trace.ts';
import {
  formatDuration,
  formatInterval,
  formatMs,
  formatPercent,
  pluralize,
  sentenceCase,
  utcTime,
} from '../../model/values/format.ts';
import type { TraceStep } from './traceSteps.ts';

/** The reason of a test whose traces are those of two hosts. */
export const mixedReason =
  'Mixed: two hosts share the key of this test, so its results are of no pair.';

/** The reason of a `stale` test without any trace or failure in the window. */
export const noTraceReason = 'No traces in the window.';

/** How a change differs from what was usual: `AS path changed, worse: RTT +14 ms (…)`. */
function changeText(change: Change): string {
  const label = changeClassLabels[change.class];
  if (change.policy !== undefined) {
    const { rule, expected, found } = change.policy;
    return `${label}: ${rule}, expected ${expected}, found ${found}`;
  }
  const verdict = verdictText(change);
  return verdict === '' ? label : `${label}, ${verdict}`;
}

/** The reason of a state that open changes lead to; `changes`: the worst first. */
export function changesReason(changes: readonly Change[]): string {
  return sentenceCase(`${changes.map(changeText).join('; also ')}.`);
}

/** The reason of `accepted`: the changes that last, each with its acceptance, the worst first. */
export function acceptedReason(accepted: readonly AcceptedChange[]): string {
  const parts = accepted
    .toSorted((a, b) => compareSeverity(a.change, b.change))
    .map(
      ({ change, acceptance }) =>
        `${changeText(change)}, since ${utcTime(change.onset.by)}, ${acceptanceText(acceptance)}`,
    );
  return sentenceCase(`${parts.join('; also ')}.`);
}

/** The reason of `unreached`, with the place where the newest trace ends; null: it is deleted. */
export function unreachedReason(changes: readonly Change[], newest: Trace | null): string {
  const outage = changes.find((change) => change.class === 'unreachable');
  const lossPct = outage?.verdict.lossBeforePct ?? null;
  const usual =
    lossPct === null ? '' : ` (it answered ${formatPercent(100 - lossPct)} of the traces before)`;
  const end = newest === null ? '' : `; ${endText(newest, 'the last answer comes from')}`;
  return `The destination no longer answers${usual}${end}.`;
}

function endText(newest: Trace | null, words: string): string {
  const end = newest === null ? undefined : lastReplyingHop(newest.route);
  if (end === undefined) return 'no hop answers';
  return `${words} hop ${end.ttl}${end.error ? ` (${end.error})` : ''}`;
}

/** The reason of `failed`: the failures since the last trace, oldest first. */
export function failedReason(failures: readonly Failure[]): string {
  const count = pluralize(failures.length, 'failed run');
  return `${count} since the last trace; latest error: ${failures.at(-1)?.error}`;
}

/**
 * The reason of `stale`: the interval, seconds, and how long a result may take. `isAssumed`: too
 * few results are known to show the interval.
 */
export function staleReason(intervalSeconds: number, isAssumed: boolean): string {
  const patience = formatDuration(patienceIntervals * intervalSeconds);
  const interval = formatInterval(intervalSeconds);
  const times = `No result for more than ${patience}, ${patienceIntervals} times`;
  return isAssumed
    ? `${times} an assumed interval of ${formatDuration(intervalSeconds)}; its own is not known yet.`
    : `${times} the usual interval of ${interval}.`;
}

/** The reason of `filtered`: how many traces of the window reached the destination. */
export function filteredReason(newest: Trace | null, steps: readonly TraceStep[]): string {
  const hits = steps.filter(({ reached }) => reached).length;
  const traces = pluralize(steps.length, 'trace');
  const answered = hits === 0 ? `none of ${traces}` : `only ${hits} of ${traces}`;
  return `The destination answered in ${answered}; ${endText(newest, 'the route ends at')}.`;
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
