import type { ChangeRecord, MeshChanges } from '../../model/changeRecord.ts';
import { daySeconds } from '../../model/time.ts';
import type { Interval } from '../../model/trace.ts';
import { findSilence } from '../../notify/routing/silences.ts';
import type { Store } from '../../store/store.ts';
import { allSilences, type SilencingConfig } from '../silences.ts';

/** Pages and lists show the changes of this long, or of the window if that is longer. */
const shownWindowSeconds = 90 * daySeconds;

/**
 * The changes and incidents that pages and lists show at `now`, newest first: the recent ones, and
 * older ones that are still open.
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
