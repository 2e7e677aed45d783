import type { Change, ChangeClass, Verdict } from '../../model/change/change.ts';
import { lastRttIndex, type Trace } from '../../model/trace/trace.ts';
import { type Finding, findingTime, routeClasses } from './finding.ts';
import { assessTimes } from './verdict.ts';

/**
 * Counts of samples of the new route at which its verdict is assessed again. The first message
 * waits two intervals, which gives four.
 */
const reassessAtSamples: readonly number[] = [4, 6, 12];
/** Samples of the old route, and how many times the intervals they need are searched for them. */
const samplesBefore = 12;
const spareFactor = 4;
/** Just before a moment, seconds: finer than starts of traces. */
const momentBefore = 0.001;

/**
 * Changes of route that last, so that their verdict gains samples. A flap swings: the samples after
 * it belong to both routes.
 */
const reassessedClasses: readonly ChangeClass[] = ['inter_as', 'intra_as'];

/** Classes of changes that leave a route, or miss its end. */
const routeLeavingClasses: readonly ChangeClass[] = ['unreachable', 'inter_as', 'intra_as', 'flap'];

/** Loads the traces of a test from one moment to another (epoch seconds), ascending. */
export type TraceLoader = (from: number, to: number) => readonly Trace[];

/** A test whose verdicts may be due. */
export interface ReassessmentInput {
  /**
   * The changes of route that lasted when the traces below began to come in or are found in them,
   * and the changes that ended any of them.
   */
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** The new traces are those after `from` and up to `to`, epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly intervalSeconds: number;
  readonly loadTraces: TraceLoader;
}

/**
 * The verdicts that the new traces improve: at detection there are two samples of the new route,
 * and more come in while it lasts. The traces alone decide which verdicts are due, whichever run
 * sees them.
 */
export function reassess(input: ReassessmentInput): Finding[] {
  const { from } = input;
  const candidates = input.changes.filter(({ class: changeClass }) =>
    reassessedClasses.includes(changeClass),
  );
  return candidates.flatMap((change): Finding[] => {
    const end = Math.min(input.to, routeEndOf(change, input) - momentBefore);
    const known = change.verdict.samplesAfter;
    if (end <= from || reassessAtSamples.every((count) => count <= known)) return [];
    const after = input
      .loadTraces(change.onset.by, end)
      .flatMap((trace) => sampleRtt(trace, change));
    const due = reassessAtSamples.findLast(
      (count) => (after[count - 1]?.at ?? Number.POSITIVE_INFINITY) <= end,
    );
    const at = after[(due ?? 0) - 1]?.at;
    if (due === undefined || due <= known || at === undefined || at <= from) return [];
    const verdict = reassessVerdict(change, after.slice(0, due), input);
    if (verdict === null) return [];
    return [{ kind: 'reassessed', testId: change.testId, changeId: change.id, at, verdict }];
  });
}

/**
 * When the route of a change ended, as far as is known, epoch seconds: it was left again, or became
 * normal.
 */
function routeEndOf({ detectedAt, id }: Change, { changes, findings }: ReassessmentInput): number {
  const next = changes.flatMap((other) =>
    other.id !== id && routeLeavingClasses.includes(other.class) && other.detectedAt > detectedAt
      ? other.detectedAt
      : [],
  );
  const ends = findings.filter(endsRoute).map(findingTime);
  return Math.min(Number.POSITIVE_INFINITY, ...next, ...ends.filter((at) => at > detectedAt));
}

function endsRoute(finding: Finding): boolean {
  if ('classes' in finding)
    return finding.classes.some((changeClass) => routeClasses.includes(changeClass));
  if (finding.kind !== 'change') return false;
  const { class: changeClass, closes } = finding.change;
  return changeClass === 'recovered' && closes.some((each) => routeClasses.includes(each));
}

interface RttSample {
  readonly at: number;
  readonly ms: number;
}

/** The time of a trace to the place that the verdict measures; none where that did not answer. */
function sampleRtt(trace: Trace, { verdict }: Change): RttSample[] {
  const ms =
    verdict.measuredTo === null ? rttToDestination(trace) : rttTo(trace, verdict.measuredTo);
  return ms === null ? [] : [{ at: trace.startedAt, ms }];
}

function rttToDestination({ route, rttMs }: Trace): number | null {
  return route.reached ? (rttMs[lastRttIndex(route)] ?? null) : null;
}

function rttTo({ route, rttMs }: Trace, address: string): number | null {
  const index = route.hops.flatMap(({ addresses }) => addresses).indexOf(address);
  return rttMs[index] ?? null;
}

/** The verdict with the times of more traces; null where they cannot be compared. */
function reassessVerdict(
  change: Change,
  after: readonly RttSample[],
  { loadTraces, intervalSeconds }: ReassessmentInput,
): Verdict | null {
  const lastBefore = change.onset.after ?? change.onset.by - momentBefore;
  // Reaches further back than the samples need: results may be missing, and the destination may not
  // answer every time.
  const from = lastBefore - spareFactor * samplesBefore * intervalSeconds;
  const before = loadTraces(from, lastBefore).flatMap((trace) => sampleRtt(trace, change));
  const { measuredTo } = change.verdict;
  const ms = ({ ms: value }: RttSample) => value;
  const assessed = assessTimes({
    before: before.slice(-samplesBefore).map(ms),
    after: after.map(ms),
    measuredTo,
  });
  if (assessed.shiftMs === null) return null;
  return {
    ...change.verdict,
    effect: assessed.effect,
    ...(assessed.sure === undefined ? {} : { sure: assessed.sure }),
    rttBeforeMs: assessed.rttBeforeMs,
    rttAfterMs: assessed.rttAfterMs,
    shiftMs: assessed.shiftMs,
    shiftCiMs: assessed.shiftCiMs,
    samplesBefore: assessed.samplesBefore,
    samplesAfter: assessed.samplesAfter,
  };
}
