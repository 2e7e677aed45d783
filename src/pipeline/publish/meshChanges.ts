import type { ChangeRecord, MeshChanges } from '../../model/changeRecord.ts';
import type { TestGroup } from '../../model/selection.ts';
import type { Silence } from '../../model/silence.ts';
import type { Interval } from '../../model/trace.ts';
import { type MaintenanceWindow, maintenanceSilences } from '../../notify/routing/maintenance.ts';
import { findSilence } from '../../notify/routing/silences.ts';
import { daySeconds } from '../../store/db/days.ts';
import type { Store } from '../../store/store.ts';

/** Which tests belong together, and when work is planned, as the configuration says. */
interface SilencingConfig {
  readonly groups: readonly TestGroup[];
  readonly alerts: { readonly maintenance: readonly MaintenanceWindow[] } | null;
}

/** Pages and lists reach so far back, or as far as the window. */
const shownWindowSeconds = 90 * daySeconds;

/**
 * The changes and incidents that pages and lists tell at `now`: those of the last 90 days (of the window, where that is
 * longer) and what lasts from before.
 */
export function meshChanges(
  store: Store,
  window: Interval,
  now: number,
  silencingConfig: SilencingConfig,
): MeshChanges {
  const from = Math.min(window.from, now - shownWindowSeconds);
  const incidents = store.incidents.since(from).toReversed();
  const tests = new Map(store.tests().map((test) => [test.id, test]));
  const suspects = new Map(incidents.map(({ id, suspect }) => [id, suspect]));
  const silences = allSilences(store, silencingConfig, now);
  const records = store.changes.since(from).flatMap((stored): ChangeRecord[] => {
    const test = tests.get(stored.change.testId);
    if (test === undefined) return [];
    const suspect = suspects.get(stored.incidentId ?? '') ?? null;
    const subject = { change: stored.change, test, suspect, closedAt: stored.closedAt };
    return [
      { ...stored, test, silence: findSilence(subject, silences, silencingConfig.groups, now) },
    ];
  });
  return {
    records: records.reverse(),
    incidents,
    acknowledgements: store.acknowledgements.list(),
  };
}

/** Silences made by hand and the maintenance windows around `now`. */
export function allSilences(
  store: Store,
  { alerts }: Pick<SilencingConfig, 'alerts'>,
  now: number,
): Silence[] {
  return [...store.silences.list(), ...maintenanceSilences(alerts?.maintenance ?? [], now)];
}

/** The changes of each test, by its id. */
export function changesByTest({
  records,
}: Pick<MeshChanges, 'records'>): Map<string, ChangeRecord[]> {
  return Map.groupBy(records, ({ test }) => test.id);
}
