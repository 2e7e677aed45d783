import { keptPeriods } from '../analysis/keptPeriods.ts';
import type { KeptPeriod } from '../model/analysis.ts';
import type { Interval, Responder } from '../model/trace.ts';
import { daySeconds, midnightOf } from '../store/days.ts';
import type { History } from '../store/history.ts';
import { startResolution } from '../store/spans.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/tests.ts';
import { inBatches } from './inBatches.ts';
import type { Session } from './session.ts';
import { mergedTraces, twins } from './twins.ts';

type Responders = ReadonlyMap<string, Responder>;

/** One test, as all archives that keep it know it. */
export type Twins = readonly StoredTest[];

/**
 * Writes the route periods of every day that had ended at `until` into the store, where they outlive its traces: once a day
 * for each test, and again for a day of which results came late. A test that several archives keep has the same
 * periods in each, of the traces of all.
 */
export async function settleHistory(store: Store, until: number, session: Session): Promise<void> {
  const midnight = midnightOf(until);
  const unsettled = new Map(store.unsettled(midnight).map(({ id, from }) => [id, from]));
  if (unsettled.size === 0) return;
  const responders = store.responders();
  const due = twins(store.tests()).filter((same) => same.some(({ id }) => unsettled.has(id)));
  await inBatches(store, due, 'history', session, (same) => {
    const from = Math.min(...same.map(({ id }) => unsettled.get(id) ?? Number.POSITIVE_INFINITY));
    // A clock that is ahead must not settle years without a trace.
    const newest = Math.max(...same.map(({ newestTraceAt }) => newestTraceAt ?? from));
    const end = Math.min(midnight, midnightOf(newest) + daySeconds);
    for (let day = from; day < end; day += daySeconds) settleDay(store, same, day, responders);
  });
}

/** The day before tells which period goes on; what comes after the day has no say, so that a day is told once for all. */
function settleDay(store: Store, same: Twins, day: number, responders: Responders): void {
  const window = { from: day - daySeconds, to: day + daySeconds - startResolution };
  const span = { from: day, to: window.to };
  const periods = periodsWithin(store, same, window, span, responders);
  for (const { id } of same) store.settle(id, day, periods);
}

/** The route periods of a span, told from the traces of a window. */
function periodsWithin(
  store: Past,
  same: Twins,
  window: Interval,
  span: Interval,
  responders: Responders,
): KeptPeriod[] {
  const [test] = same;
  if (test === undefined) return [];
  const traces = mergedTraces(same.map(({ id }) => store.traces(id, window)));
  return keptPeriods({ test, traces, responders }, span);
}

/** What the periods of a test are told from. */
type Past = Pick<Store, 'history' | 'traces'>;

/** A page tells no more of them, and work on a test must not grow with its age. */
const mostPeriods = 100;

/** The route periods of a test before its window, oldest first; those not yet settled are told from their traces. */
export function earlierPeriods(
  store: Past,
  same: Twins,
  before: number,
  responders: Responders,
): KeptPeriod[] {
  const { periods, until } = longestHistory(store, same, before);
  if (until >= before) return [...periods];
  const window = { from: until - daySeconds, to: before - startResolution };
  return [
    ...periods,
    ...periodsWithin(store, same, window, { from: until, to: before }, responders),
  ];
}

/** An archive that was added later knows nothing of the days before, of which the history of another tells. */
function longestHistory(store: Past, same: Twins, before: number): History {
  const ids = same.map(({ id }) => id);
  const histories = ids.map((id) => {
    const others = ids.filter((other) => other !== id);
    return store.history(id, before, mostPeriods, others);
  });
  const startOf = ({ periods, until }: History) => periods[0]?.from ?? until;
  return histories.reduce(
    (longest, each) => (startOf(each) < startOf(longest) ? each : longest),
    histories[0] ?? { periods: [], until: before },
  );
}

/**
 * Deletes traces older than `tracesSeconds`, but none at or after `windowFrom`. Time is told by the newest trace where
 * the clock is ahead of it: else a clock that is wrong once would empty the store.
 */
export function forgetOldTraces(
  store: Store,
  { tracesSeconds, windowFrom }: { readonly tracesSeconds: number; readonly windowFrom: number },
  { now, log }: Session,
): void {
  const newest = store.tests().reduce((max, test) => Math.max(max, test.newestTraceAt ?? 0), 0);
  const until = store.forget(Math.min(Math.min(now, newest) - tracesSeconds, windowFrom));
  if (until !== null) log.info('old traces deleted', { until });
}
