import { mergeFailures, mergeTraces } from '../../analysis/mergeSeries.ts';
import { hasRhythm, recentSpan } from '../../analysis/rhythm.ts';
import { isSharedKey } from '../../analysis/sharedKey.ts';
import { doesAnswer, type TestMemory } from '../../analysis/window/testState.ts';
import type { Interval, Trace } from '../../model/trace/trace.ts';
import { daySeconds, latest } from '../../model/values/time.ts';
import type { KnownTest } from '../knownTests.ts';
import type { PublicStore } from '../publicStore.ts';
import { shownWindowSeconds } from './meshChanges.ts';

/** Failures of this long are read, and results of views of the past. */
const memorySeconds = 30 * daySeconds;

/** The changes of a test that have not ended, and the last ends. */
export interface LastingChanges
  extends Pick<TestMemory, 'openChanges' | 'acceptedChanges' | 'calmSince'> {
  /** When its last outage ended, epoch seconds; null if none did. */
  readonly outageEndedAt: number | null;
}

/** The changes of all keys of a test as those of one. */
function combineChanges(changes: readonly LastingChanges[]): LastingChanges {
  return {
    openChanges: changes.flatMap(({ openChanges }) => openChanges),
    acceptedChanges: changes.flatMap(({ acceptedChanges }) => acceptedChanges),
    calmSince: latest(changes.map(({ calmSince }) => calmSince)),
    outageEndedAt: latest(changes.map(({ outageEndedAt }) => outageEndedAt)),
  };
}

/**
 * Reads the facts about a test at the end of a window; `traces`: those of the window; `lasting`:
 * the changes of each key, by its id.
 */
export function loadMemory(
  view: PublicStore,
  test: KnownTest,
  { traces, window }: { readonly traces: readonly Trace[]; readonly window: Interval },
  lasting: ReadonlyMap<string, LastingChanges>,
): TestMemory {
  const { outageEndedAt, ...changes } = combineChanges(
    test.keys.flatMap(({ id }) => lasting.get(id) ?? []),
  );
  const { keys } = test;
  const { from: windowFrom, to: at } = window;
  const read = (span: Interval) => mergeTraces(keys.map(({ id }) => view.traces(id, span)));
  const span = { from: at - memorySeconds, to: at };
  const newest = traces.at(-1) ?? findNewest(test, span, read);
  const failures = mergeFailures(keys.map(({ id }) => view.failures(id, span)));
  const newestAt = newest?.startedAt ?? earlierThan(test.newestTraceAt, at);
  const calmSince = changes.calmSince ?? knownSince(test, at - shownWindowSeconds);
  const known = { ...changes, calmSince, newest, newestAt, failures };
  // The detection watches a test that runs again and again, also when its traces are deleted.
  if (newest === null) {
    const wasWatched = newestAt !== null && test.watchedSince !== null;
    return { ...known, answers: true, hasRhythm: wasWatched, isMixed: false };
  }
  const { from, to } = recentSpan(test, newest.startedAt);
  const isRead = traces.length > 0 && from >= windowFrom;
  const recent = isRead ? traces.filter(({ startedAt }) => startedAt >= from) : read({ from, to });
  // Misses of an outage that is over do not make a destination one that never answers.
  const sinceOutage = recent.filter(({ startedAt }) => startedAt >= (outageEndedAt ?? from));
  return {
    ...known,
    answers: doesAnswer(sinceOutage),
    hasRhythm: hasRhythm(recent, test.isScheduled),
    isMixed: isSharedKey(test, recent),
  };
}

/**
 * Start of the first trace of a test; null if it was before `from` (epoch seconds), so that an
 * earlier change may be unknown.
 */
function knownSince({ firstTraceAt }: KnownTest, from: number): number | null {
  return firstTraceAt !== null && firstTraceAt >= from ? firstTraceAt : null;
}

function earlierThan(time: number | null, moment: number): number | null {
  return time !== null && time <= moment ? time : null;
}

/**
 * The newest trace up to the end of a span, however old it is; null for none. If newer ones have
 * come, as in a view of the past, only those of the span are read.
 */
function findNewest(
  { newestTraceAt }: KnownTest,
  span: Interval,
  read: (span: Interval) => readonly Trace[],
): Trace | null {
  if (newestTraceAt === null) return null;
  const from = newestTraceAt <= span.to ? newestTraceAt - 1 : span.from;
  return read({ ...span, from }).at(-1) ?? null;
}
