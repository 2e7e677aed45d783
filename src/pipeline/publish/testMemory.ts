import { mergeFailures, mergeTraces } from '../../analysis/duplicateTests.ts';
import { doesAnswer, type TestMemory } from '../../analysis/window/testState.ts';
import { daySeconds, hourSeconds } from '../../model/time.ts';
import type { Interval, Trace } from '../../model/trace.ts';
import type { PublicStore } from '../publicStore.ts';
import type { DuplicateTests } from '../routePeriods.ts';

/** A test without a result for this long is not looked for any more. */
const memorySeconds = 30 * daySeconds;
/** The answers of this long, or of so many intervals, show whether the destination answers. */
const answerSeconds = daySeconds;
const answerIntervals = 20;
/** A test that never had a rhythm was run by hand: fewer traces, or all within an hour. */
const minRhythmTraces = 5;
const minRhythmSeconds = hourSeconds;

/** Facts about a test besides its window. */
export interface StoredMemory extends TestMemory {
  /** It ran again and again, so a missing result is missed. */
  readonly hasRhythm: boolean;
}

/** The changes of a test that have not ended. */
export type LastingChanges = Pick<TestMemory, 'openChanges' | 'acceptedChanges'>;

/** Reads the facts about a test at the end of a window; `traces`: those of the window. */
export function loadMemory(
  view: PublicStore,
  duplicates: DuplicateTests,
  { traces, window }: { readonly traces: readonly Trace[]; readonly window: Interval },
  lasting: LastingChanges,
): StoredMemory {
  const { from: windowFrom, to: at } = window;
  const read = (span: Interval) => mergeTraces(duplicates.map(({ id }) => view.traces(id, span)));
  const span = { from: at - memorySeconds, to: at };
  const newest = traces.at(-1) ?? findNewest(duplicates, span, read);
  const failures = mergeFailures(duplicates.map(({ id }) => view.failures(id, span)));
  const known = { ...lasting, newest, failures };
  if (newest === null) return { ...known, answers: true, hasRhythm: false };
  const isCurrent = traces.length > 0;
  const to = isCurrent ? at : newest.startedAt;
  const seconds = Math.max(answerSeconds, answerIntervals * (duplicates[0]?.intervalSeconds ?? 0));
  const from = to - seconds;
  const recent =
    isCurrent && from >= windowFrom
      ? traces.filter(({ startedAt }) => startedAt >= from)
      : read({ from, to });
  return { ...known, answers: doesAnswer(recent), hasRhythm: isCurrent || isRhythm(recent) };
}

function isRhythm(traces: readonly Trace[]): boolean {
  const [first] = traces;
  const last = traces.at(-1);
  if (first === undefined || last === undefined || traces.length < minRhythmTraces) return false;
  return last.startedAt - first.startedAt > minRhythmSeconds;
}

/** The newest trace in a span; null for none. The store knows it unless newer ones have come. */
function findNewest(
  duplicates: DuplicateTests,
  span: Interval,
  read: (span: Interval) => readonly Trace[],
): Trace | null {
  const newestAt = Math.max(...duplicates.map(({ newestTraceAt }) => newestTraceAt ?? 0));
  if (newestAt < span.from) return null;
  const from = newestAt <= span.to ? newestAt - 1 : span.from;
  return read({ ...span, from }).at(-1) ?? null;
}
