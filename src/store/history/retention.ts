import { dayOf, daySeconds, midnightOf } from '../../model/time.ts';
import type { Tables } from '../db/tables.ts';

/** Responders are few, and which of them are in use only every stored route tells, so they are looked through seldom. */
const responderCleanupSeconds = 30 * daySeconds;

/**
 * Deletes the traces of the days before `before` (epoch seconds), with the failures and coverage of that time and the
 * routes (once a month the responders too) that nothing refers to any more. Stops short of traces that no route period
 * tells yet. Returns up to where traces are gone now, null when there was nothing to delete.
 */
export function pruneTraces(tables: Tables, before: number): number | null {
  const { tests, finalized, traces, routePeriods, failures, coverage, routes, responders } = tables;
  return tables.transaction(() => {
    const unfinalizedFrom = finalized.unfinalized(before).map(({ from }) => from);
    const midnight = midnightOf(
      Math.max(
        0,
        unfinalizedFrom.reduce((a, b) => Math.min(a, b), before),
      ),
    );
    failures.prune(midnight);
    const from = traces.prune(midnight);
    if (from === null) return null;
    for (const test of tests.numbers()) routePeriods.joinContinued(test, { from, to: midnight });
    coverage.prune(midnight);
    finalized.setPrunedUntil(midnight);
    routes.prune(dayOf(midnight));
    if (Math.floor(from / responderCleanupSeconds) < Math.floor(midnight / responderCleanupSeconds))
      responders.deleteUnused();
    return midnight;
  });
}
