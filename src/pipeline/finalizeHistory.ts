import { groupKeys } from '../analysis/testIdentity.ts';
import type { Responder } from '../model/trace/trace.ts';
import { daySeconds, midnightOf } from '../model/values/time.ts';
import type { Store } from '../store/store.ts';
import { startResolution } from '../store/traces/chunkSpans.ts';
import { processInBatches } from './batches.ts';
import type { TestKeys } from './knownTests.ts';
import { periodsWithin } from './routePeriods.ts';
import type { Session } from './session.ts';

/**
 * Stores the route periods of every day (UTC) that ended by `until`, so that they outlive the
 * traces. A day is finalized once, and again when results of it arrive late. The keys of a test
 * share the periods that the traces of all of them show.
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
  const due = groupKeys(store.tests()).filter(({ keys }) =>
    keys.some(({ id }) => unfinalized.has(id)),
  );
  await processInBatches(store, due, 'history', session, ({ keys }) => {
    const from = Math.min(...keys.map(({ id }) => unfinalized.get(id) ?? Number.POSITIVE_INFINITY));
    // With a clock that is ahead, `until` may lie years behind the newest trace.
    const newest = Math.max(...keys.map(({ newestTraceAt }) => newestTraceAt ?? from));
    const end = Math.min(midnight, midnightOf(newest) + daySeconds);
    for (let day = from; day < end; day += daySeconds)
      finalizeDay(store, keys, day, responders.of(keys));
  });
}

/** Reads the day before too, to see which period continues. Later traces have no effect. */
function finalizeDay(
  store: Store,
  keys: TestKeys,
  day: number,
  responders: ReadonlyMap<string, Responder>,
): void {
  const to = day + daySeconds - startResolution;
  const span = { window: { from: day - daySeconds, to }, span: { from: day, to } };
  const periods = periodsWithin(store, keys, span, responders);
  for (const { id } of keys) store.finalizeDay(id, day, periods);
}
