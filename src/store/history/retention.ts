import { dayOf, daySeconds, midnightOf } from '../../model/values/time.ts';
import { maxEndedChanges } from '../alerts/alertRetention.ts';
import type { Tables } from '../tables.ts';
import { maxPeriods } from './routePeriods.ts';

/** Finding unused responders reads every stored route, so it happens once a month. */
const responderCleanupSeconds = 30 * daySeconds;
/** Ended changes stay so much longer than traces: a year. */
const changeRetentionSeconds = 365 * daySeconds;

/**
 * Deletes the traces of the days before a moment (epoch seconds), with the failures and the
 * coverage of that time and the routes that became unused; once a month also unused responders. Of
 * the route history, each test keeps its newest periods. Ended changes go a year later.
 * Keeps traces that no route period covers yet. Returns the midnight before which traces are
 * deleted now; null if there was nothing to delete.
 */
export function deleteTraces(tables: Tables, before: number): number | null {
  const {
    tests,
    finalized,
    traces,
    routePeriods,
    failures,
    coverage,
    archiveReaders,
    routes,
    responders,
    pastVersions,
    alertRetention,
    metrics,
  } = tables;
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
    routePeriods.deleteSurplus(maxPeriods);
    coverage.prune(midnight);
    archiveReaders.prune(midnight);
    pastVersions.prune(midnight);
    alertRetention.prune(midnight - changeRetentionSeconds, maxEndedChanges);
    metrics.prune(dayOf(midnight));
    finalized.setPrunedUntil(midnight);
    routes.prune(dayOf(midnight));
    if (Math.floor(from / responderCleanupSeconds) < Math.floor(midnight / responderCleanupSeconds))
      responders.deleteUnused();
    return midnight;
  });
}
