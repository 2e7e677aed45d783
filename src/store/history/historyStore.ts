import type { StoredRoutePeriod } from '../../model/site/analysis.ts';
import type { Tables } from '../tables.ts';
import type { UnfinalizedTest } from './finalizedHistory.ts';
import { deleteTraces } from './retention.ts';
import { finalizeDay, type RouteHistory, readRouteHistory } from './routeHistory.ts';

/** The route history of tests, and the retention of their traces. */
export interface HistoryStore {
  /** The tests with traces before a midnight UTC that no route period covers yet. */
  unfinalizedTests(until: number): UnfinalizedTest[];
  /**
   * Records the route periods of the day from `midnight`, and that all days up to its end are
   * covered.
   */
  finalizeDay(testId: string, midnight: number, periods: readonly StoredRoutePeriod[]): void;
  /**
   * The newest `limit` route periods of a test before a moment, however long ago. `duplicates`:
   * tests that were finalized together with it.
   */
  routeHistory(
    testId: string,
    before: number,
    limit: number,
    duplicates?: readonly string[],
  ): RouteHistory;
  /**
   * Deletes the traces of the days before a moment, as far as route periods cover them. Returns the
   * midnight before which traces are deleted now; null if there was nothing to delete.
   */
  prune(before: number): number | null;
}

/** The part of the store over the route history. */
export function openHistoryStore(tables: Tables): HistoryStore {
  return {
    unfinalizedTests: tables.finalized.unfinalized,
    finalizeDay: (testId, midnight, periods) => finalizeDay(tables, testId, midnight, periods),
    routeHistory: (testId, before, limit, duplicates = []) =>
      readRouteHistory(tables, testId, before, limit, duplicates),
    prune: (before) => deleteTraces(tables, before),
  };
}
