import { setImmediate } from 'node:timers/promises';
import { keptPeriods } from '../analysis/keptPeriods.ts';
import type { KeptPeriod } from '../model/analysis.ts';
import type { Test } from '../model/test.ts';
import type { Responder } from '../model/trace.ts';
import { daySeconds, midnightOf } from '../store/days.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/tests.ts';
import type { Session } from './session.ts';

type Responders = ReadonlyMap<string, Responder>;

/**
 * Writes the route periods of every day that had ended at `until` into the store, where they outlive its traces: once a day
 * for each test, and again for a day of which results came late.
 */
export async function settleHistory(store: Store, until: number, session: Session): Promise<void> {
  const midnight = midnightOf(until);
  const unsettled = store.unsettled(midnight);
  if (unsettled.length === 0) return;
  const responders = store.responders();
  const tests = new Map(store.tests().map((test) => [test.id, test]));
  const display = session.progress.phase('history', unsettled.length);
  for (const { id, from } of unsettled) {
    session.signal.throwIfAborted();
    const test = tests.get(id) as StoredTest;
    // A clock that is ahead must not settle years without a trace.
    const end = Math.min(midnight, midnightOf(test.newestTraceAt ?? from) + daySeconds);
    store.transaction(() => {
      for (let day = from; day < end; day += daySeconds) settleDay(store, test, day, responders);
    });
    display.step();
    await setImmediate();
  }
}

/** The day before tells which period goes on; what comes after the day has no say, so that a day is told once for all. */
function settleDay(store: Store, test: Test, day: number, responders: Responders): void {
  const window = { from: day - daySeconds, to: day + daySeconds - 0.001 };
  const traces = store.traces(test.id, window);
  const span = { from: day, to: window.to };
  store.settle(test.id, day, keptPeriods({ test, traces, responders }, span));
}

/** A page tells no more of them, and work on a test must not grow with its age. */
const mostPeriods = 100;

/** The route periods of a test before its window, oldest first; those not yet settled are told from their traces. */
export function earlierPeriods(
  store: Store,
  test: Test,
  before: number,
  responders: Responders,
): KeptPeriod[] {
  const { periods, until } = store.history(test.id, before, mostPeriods);
  if (until >= before) return [...periods];
  const traces = store.traces(test.id, { from: until - daySeconds, to: before - 0.001 });
  const span = { from: until, to: before };
  return [...periods, ...keptPeriods({ test, traces, responders }, span)];
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
