import type { ChangeRecord, MeshChanges } from '../../model/change/changeRecord.ts';
import { type Incident, resolveMergedId } from '../../model/incident/incident.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import { findSilence } from '../../notify/routing/silences.ts';
import type { Store } from '../../store/store.ts';
import { testsById } from '../knownTests.ts';
import { allSilences, type SilencingConfig } from '../silences.ts';

/** Pages and lists show the changes of this long, or of the window if that is longer. */
export const shownWindowSeconds = 90 * daySeconds;

/**
 * The changes and incidents that pages and lists show, newest first: the recent ones, and those
 * that are still open. `now`: the moment at which silences count, epoch seconds.
 */
export function meshChanges(
  store: Store,
  window: Interval,
  now: number,
  silencingConfig: SilencingConfig,
): MeshChanges {
  const from = Math.min(window.from, now - shownWindowSeconds);
  const incidents = store.incidents.since(from).toReversed();
  const tests = testsById(store.tests());
  const suspects = new Map(incidents.map(({ id, suspect }) => [id, suspect]));
  const silences = allSilences(store, silencingConfig, now);
  const acceptances = new Map(store.acceptances.list().map((each) => [each.changeId, each]));
  const records = store.changes.since(from).flatMap((found): ChangeRecord[] => {
    const test = tests.get(found.change.testId);
    if (test === undefined) return [];
    const suspect = suspects.get(found.incidentId ?? '') ?? null;
    const subject = { change: found.change, test, suspect, closedAt: found.closedAt };
    return [
      {
        ...found,
        test,
        acceptance: acceptances.get(found.change.id) ?? null,
        silence: findSilence(subject, silences, silencingConfig.groups, now),
      },
    ];
  });
  const presentIdOf = createIdResolver(store, incidents);
  return {
    records: records.reverse(),
    incidents,
    acknowledgements: store.acknowledgements
      .list()
      .map((each) => ({ ...each, incidentId: presentIdOf(each.incidentId) })),
    formerIds: Map.groupBy(Object.keys(store.incidents.mergedIds()), presentIdOf),
  };
}

/** Resolves ids of merged incidents. A view of the past shows what was merged only later. */
function createIdResolver(
  store: Pick<Store, 'incidents'>,
  shown: readonly Incident[],
): (id: string) => string {
  const mergedIds = store.incidents.mergedIds();
  const shownIds = new Set(shown.map(({ id }) => id));
  return (id) => (shownIds.has(id) ? id : resolveMergedId(mergedIds, id));
}
