import { duplicateTests } from '../analysis/duplicateTests.ts';
import { daySeconds, midnightOf } from '../model/time.ts';
import type { Responder } from '../model/trace.ts';
import type { Store } from '../store/store.ts';
import { startResolution } from '../store/traces/chunkSpans.ts';
import { processInBatches } from './batches.ts';
import { type DuplicateTests, periodsWithin } from './routePeriods.ts';
import type { Session } from './session.ts';

/**
 * Stores the route periods of every day (UTC) that ended by `until`, so that they outlive the
 * traces. A day is finalized once, and again when results of it arrive late. Duplicates of a test
 * share the periods that the traces of all archives show.
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
    // With a clock that is ahead, `until` may lie years behind the newest trace.
    const newest = Math.max(...duplicates.map(({ newestTraceAt }) => newestTraceAt ?? from));
    const end = Math.min(midnight, midnightOf(newest) + daySeconds);
    for (let day = from; day < end; day += daySeconds)
      finalizeDay(store, duplicates, day, responders);
  });
}

/** Reads the day before too, to see which period continues. Later traces have no effect. */
function finalizeDay(
  store: Store,
  duplicates: DuplicateTests,
  day: number,
  responders: ReadonlyMap<string, Responder>,
): void {
  const to = day + daySeconds - startResolution;
  const span = { window: { from: day - daySeconds, to }, span: { from: day, to } };
  const periods = periodsWithin(store, duplicates, span, responders);
  for (const { id } of duplicates) store.finalizeDay(id, day, periods);
}
