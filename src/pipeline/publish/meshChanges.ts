import { worstSeverity } from '../../model/change.ts';
import type { ChangeRecord, MeshChanges } from '../../model/changeRecord.ts';
import { type Incident, isOver } from '../../model/incident.ts';
import { daySeconds } from '../../model/time.ts';
import type { Interval } from '../../model/trace.ts';
import { findSilence } from '../../notify/routing/silences.ts';
import type { Store } from '../../store/store.ts';
import { testsById } from '../knownTests.ts';
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
  const incidents = store.incidents
    .since(from)
    .flatMap((incident) => incidentAsOf(incident, now) ?? [])
    .toReversed();
  const tests = testsById(store.tests());
  const suspects = new Map(incidents.map(({ id, suspect }) => [id, suspect]));
  const silences = allSilences(store, silencingConfig, now);
  const acceptances = new Map(
    store.acceptances.list().flatMap((each) => (each.at <= now ? [[each.changeId, each]] : [])),
  );
  const records = store.changes.since(from).flatMap((found): ChangeRecord[] => {
    const test = tests.get(found.change.testId);
    if (test === undefined || found.change.detectedAt > now) return [];
    const stored = isLater(found.closedAt, now)
      ? { ...found, closedAt: null, accepted: false }
      : found;
    const suspect = suspects.get(stored.incidentId ?? '') ?? null;
    const subject = { change: stored.change, test, suspect, closedAt: stored.closedAt };
    return [
      {
        ...stored,
        test,
        acceptance: acceptances.get(stored.change.id) ?? null,
        silence: findSilence(subject, silences, silencingConfig.groups, now),
      },
    ];
  });
  return {
    records: records.reverse(),
    incidents,
    acknowledgements: store.acknowledgements.list().filter(({ at }) => at <= now),
  };
}

/** Whether something came after a moment, so that a view of the past does not show it. */
function isLater(at: number | null, now: number): boolean {
  return at !== null && at > now;
}

/** An incident as it stood at a moment (epoch seconds); null if it had not been detected. */
function incidentAsOf(incident: Incident, now: number): Incident | null {
  const known = incident.members.filter(({ detectedAt }) => detectedAt <= now);
  const isPresent =
    known.length === incident.members.length &&
    known.every(({ closedAt }) => !isLater(closedAt, now));
  if (isPresent) return incident;
  if (known.length === 0) return null;
  const members = known.map(({ accepted, ...member }) => {
    if (isLater(member.closedAt, now)) return { ...member, closedAt: null };
    return accepted === undefined ? member : { ...member, accepted };
  });
  const ends = members.flatMap(({ closedAt }) => closedAt ?? []);
  return {
    ...incident,
    members,
    status: isOver(members) ? 'recovered' : 'open',
    severity: worstSeverity(members),
    to: ends.length === members.length ? Math.max(...ends) : null,
    tests: [...new Set(members.map(({ testId }) => testId))].sort(),
  };
}
