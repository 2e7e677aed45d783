import { duplicateTests, mergeTraces } from '../analysis/duplicateTests.ts';
import { finalizePeriods } from '../analysis/window/finalizedPeriods.ts';
import type { Session } from '../cli/session.ts';
import type { StoredRoutePeriod } from '../model/analysis.ts';
import type { Interval, Responder } from '../model/trace.ts';
import { daySeconds, midnightOf } from '../store/db/days.ts';
import type { RouteHistory } from '../store/history/routeHistory.ts';
import type { Store } from '../store/store.ts';
import { startResolution } from '../store/traces/chunkSpans.ts';
import type { StoredTest } from '../store/traces/tests.ts';
import { processInBatches } from './inBatches.ts';

type ResponderMap = ReadonlyMap<string, Responder>;

/** One test, as all archives that keep it know it. */
export type DuplicateTests = readonly StoredTest[];

/**
 * Writes the route periods of every day that had ended at `until` into the store, where they outlive its traces: once a day
 * for each test, and again for a day of which results came late. A test that several archives keep has the same
 * periods in each, of the traces of all.
 */
export async function finalizeHistory(
  store: Store,
  until: number,
  session: Session,
): Promise<void> {
  const midnight = midnightOf(until);
  const unfinalized = new Map(store.unfinalizedTests(midnight).map(({ id, from }) => [id, from]));
  if (unfinalized.size === 0) return;
  const responders = store.responders();
  const due = duplicateTests(store.tests()).filter((duplicates) =>
    duplicates.some(({ id }) => unfinalized.has(id)),
  );
  await processInBatches(store, due, 'history', session, (duplicates) => {
    const from = Math.min(
      ...duplicates.map(({ id }) => unfinalized.get(id) ?? Number.POSITIVE_INFINITY),
    );
    // A clock that is ahead must not settle years without a trace.
    const newest = Math.max(...duplicates.map(({ newestTraceAt }) => newestTraceAt ?? from));
    const end = Math.min(midnight, midnightOf(newest) + daySeconds);
    for (let day = from; day < end; day += daySeconds)
      finalizeDay(store, duplicates, day, responders);
  });
}

/** The day before tells which period goes on; what comes after the day has no say, so that a day is told once for all. */
function finalizeDay(
  store: Store,
  duplicates: DuplicateTests,
  day: number,
  responders: ResponderMap,
): void {
  const window = { from: day - daySeconds, to: day + daySeconds - startResolution };
  const span = { from: day, to: window.to };
  const periods = periodsWithin(store, duplicates, window, span, responders);
  for (const { id } of duplicates) store.finalizeDay(id, day, periods);
}

/** The route periods of a span, told from the traces of a window. */
function periodsWithin(
  store: HistoryStore,
  duplicates: DuplicateTests,
  window: Interval,
  span: Interval,
  responders: ResponderMap,
): StoredRoutePeriod[] {
  const [test] = duplicates;
  if (test === undefined) return [];
  const traces = mergeTraces(duplicates.map(({ id }) => store.traces(id, window)));
  return finalizePeriods({ test, traces, responders }, span);
}

/** What the periods of a test are told from. */
type HistoryStore = Pick<Store, 'routeHistory' | 'traces'>;

/** A page tells no more of them, and work on a test must not grow with its age. */
const maxPeriods = 100;

/** The route periods of a test before its window, oldest first; those not yet settled are told from their traces. */
export function earlierPeriods(
  store: HistoryStore,
  duplicates: DuplicateTests,
  before: number,
  responders: ResponderMap,
): StoredRoutePeriod[] {
  const { periods, until } = longestHistory(store, duplicates, before);
  if (until >= before) return [...periods];
  const window = { from: until - daySeconds, to: before - startResolution };
  return [
    ...periods,
    ...periodsWithin(store, duplicates, window, { from: until, to: before }, responders),
  ];
}

/** An archive that was added later knows nothing of the days before, of which the history of another tells. */
function longestHistory(
  store: HistoryStore,
  duplicates: DuplicateTests,
  before: number,
): RouteHistory {
  const ids = duplicates.map(({ id }) => id);
  const histories = ids.map((id) => {
    const others = ids.filter((other) => other !== id);
    return store.routeHistory(id, before, maxPeriods, others);
  });
  const startOf = ({ periods, until }: RouteHistory) => periods[0]?.from ?? until;
  return histories.reduce(
    (longest, each) => (startOf(each) < startOf(longest) ? each : longest),
    histories[0] ?? { periods: [], until: before },
  );
}

/**
 * Deletes traces older than `tracesSeconds`, but none at or after `windowFrom`. Time is told by the newest trace where
 * the clock is ahead of it: else a clock that is wrong once would empty the store.
 */
export function pruneTraces(
  store: Store,
  {
    traceRetentionSeconds,
    windowFrom,
  }: { readonly traceRetentionSeconds: number; readonly windowFrom: number },
  { now, log }: Session,
): void {
  const newest = store.tests().reduce((max, test) => Math.max(max, test.newestTraceAt ?? 0), 0);
  const until = store.prune(Math.min(Math.min(now, newest) - traceRetentionSeconds, windowFrom));
  if (until !== null) log.info('old traces deleted', { until });
}
