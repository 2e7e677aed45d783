import { mergeFailures, mergeTraces } from '../../analysis/mergeSeries.ts';
import { hasRhythm, recentSpan } from '../../analysis/rhythm.ts';
import { doesAnswer, type TestMemory } from '../../analysis/window/testState.ts';
import { daySeconds } from '../../model/time.ts';
import type { Interval, Trace } from '../../model/trace.ts';
import type { KnownTest } from '../knownTests.ts';
import type { PublicStore } from '../publicStore.ts';

/** A test without a result for this long is not looked for any more. */
const memorySeconds = 30 * daySeconds;

/** The changes of a test that have not ended, and the last end of one. */
export type LastingChanges = Pick<TestMemory, 'openChanges' | 'acceptedChanges' | 'calmSince'>;

/** Reads the facts about a test at the end of a window; `traces`: those of the window. */
export function loadMemory(
  view: PublicStore,
  test: KnownTest,
  { traces, window }: { readonly traces: readonly Trace[]; readonly window: Interval },
  lasting: LastingChanges,
): TestMemory {
  const { keys } = test;
  const { from: windowFrom, to: at } = window;
  const read = (span: Interval) => mergeTraces(keys.map(({ id }) => view.traces(id, span)));
  const span = { from: at - memorySeconds, to: at };
  const newest = traces.at(-1) ?? findNewest(test, span, read);
  const failures = mergeFailures(keys.map(({ id }) => view.failures(id, span)));
  const known = { ...lasting, newest, failures };
  if (newest === null) return { ...known, answers: true, hasRhythm: false };
  const { from, to } = recentSpan(test, newest.startedAt);
  const isRead = traces.length > 0 && from >= windowFrom;
  const recent = isRead ? traces.filter(({ startedAt }) => startedAt >= from) : read({ from, to });
  return { ...known, answers: doesAnswer(recent), hasRhythm: hasRhythm(recent) };
}

/** The newest trace in a span; null for none. The store knows it unless newer ones have come. */
function findNewest(
  { newestTraceAt }: KnownTest,
  span: Interval,
  read: (span: Interval) => readonly Trace[],
): Trace | null {
  const newestAt = newestTraceAt ?? 0;
  if (newestAt < span.from) return null;
  const from = newestAt <= span.to ? newestAt - 1 : span.from;
  return read({ ...span, from }).at(-1) ?? null;
}
