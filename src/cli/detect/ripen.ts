import { routeSeverity } from '../../analysis/detection/changes.ts';
import { judgeTimes } from '../../analysis/detection/verdict.ts';
import type { Change, ChangeClass, Verdict } from '../../model/change.ts';
import { lastRttIndex, type Trace } from '../../model/trace.ts';
import { atOf, type Finding, routeClasses } from './finding.ts';

/** With so many samples of the new route the verdict on it is passed anew. The first message has four: it waits two intervals. */
const ripeAt: readonly number[] = [4, 6, 12];
const samplesBefore = 12;

/** Changes of route that last and whose verdict grows; a flap goes to and fro, so the samples after it are of both routes. */
const ripening: readonly ChangeClass[] = ['inter_as', 'intra_as'];

/** Changes that tell that a route is left, or its end not reached. */
const leaving: readonly ChangeClass[] = ['unreachable', 'inter_as', 'intra_as', 'flap'];

/** Traces of a test from one moment to another (epoch seconds), ascending. */
export type TracesOf = (from: number, to: number) => readonly Trace[];

/** What is known of a test when its verdicts are looked at. */
export interface RipeningTest {
  /** Changes of route that lasted when the traces below began to come in, or are found in them, and what ended any of them. */
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** The traces that are new are those after `from` and up to `to`, epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly intervalSeconds: number;
  readonly tracesOf: TracesOf;
}

/**
 * The verdicts that the new traces make better: at detection there are two samples of the new route, and more come in while it
 * lasts. Which ones are due depends on the traces alone, not on which run sees them.
 */
export function ripen(test: RipeningTest): Finding[] {
  const { from } = test;
  const candidates = test.changes.filter(({ class: kind }) => ripening.includes(kind));
  return candidates.flatMap((change): Finding[] => {
    const end = Math.min(test.to, endOf(change, test) - 0.001);
    const known = change.verdict.samplesAfter;
    if (end <= from || ripeAt.every((count) => count <= known)) return [];
    const after = test.tracesOf(change.onset.by, end).flatMap((trace) => sampleOf(trace, change));
    const due = ripeAt.findLast(
      (count) => (after[count - 1]?.at ?? Number.POSITIVE_INFINITY) <= end,
    );
    const at = after[(due ?? 0) - 1]?.at;
    if (due === undefined || due <= known || at === undefined || at <= from) return [];
    const verdict = judged(change, after.slice(0, due), test);
    if (verdict === null) return [];
    const severity = routeSeverity(change.class, change.class, verdict.judgement);
    return [{ kind: 'judged', testId: change.testId, changeId: change.id, at, verdict, severity }];
  });
}

/** When the route of a change was left again, or became normal, as far as is known. */
function endOf({ detectedAt, id }: Change, { changes, findings }: RipeningTest): number {
  const next = changes.flatMap((other) =>
    other.id !== id && leaving.includes(other.class) && other.detectedAt > detectedAt
      ? other.detectedAt
      : [],
  );
  const ends = findings.filter(endsRoute).map(atOf);
  return Math.min(Number.POSITIVE_INFINITY, ...next, ...ends.filter((at) => at > detectedAt));
}

function endsRoute(finding: Finding): boolean {
  if (finding.kind === 'judged') return false;
  if (finding.kind === 'accepted')
    return finding.classes.some((kind) => routeClasses.includes(kind));
  const { class: kind, closes } = finding.change;
  return kind === 'recovered' && closes.some((each) => routeClasses.includes(each));
}

interface Sample {
  readonly at: number;
  readonly ms: number;
}

/** The time of a trace to where the verdict measures; none where that did not answer. */
function sampleOf(trace: Trace, { verdict }: Change): Sample[] {
  const ms = verdict.measuredAt === null ? timeToEnd(trace) : timeTo(trace, verdict.measuredAt);
  return ms === null ? [] : [{ at: trace.startedAt, ms }];
}

function timeToEnd({ route, rttMs }: Trace): number | null {
  return route.reached ? (rttMs[lastRttIndex(route)] ?? null) : null;
}

function timeTo({ route, rttMs }: Trace, address: string): number | null {
  const index = route.hops.flatMap(({ addresses }) => addresses).indexOf(address);
  return rttMs[index] ?? null;
}

/** The verdict with the times of more traces; null where they cannot be compared. */
function judged(
  change: Change,
  after: readonly Sample[],
  { tracesOf, intervalSeconds }: RipeningTest,
): Verdict | null {
  const left = change.onset.after ?? change.onset.by - 0.001;
  // Results may be missing, and the destination may not answer every time.
  const from = left - 4 * samplesBefore * intervalSeconds;
  const before = tracesOf(from, left).flatMap((trace) => sampleOf(trace, change));
  const { measuredAt } = change.verdict;
  const ms = ({ ms: value }: Sample) => value;
  const { judgement, rttBeforeMs, rttAfterMs, shiftMs, shiftCiMs, ...counts } = judgeTimes({
    before: before.slice(-samplesBefore).map(ms),
    after: after.map(ms),
    measuredAt,
  });
  if (shiftMs === null) return null;
  const samples = { samplesBefore: counts.samplesBefore, samplesAfter: counts.samplesAfter };
  return {
    ...change.verdict,
    ...{ judgement, rttBeforeMs, rttAfterMs, shiftMs, shiftCiMs, ...samples },
  };
}
