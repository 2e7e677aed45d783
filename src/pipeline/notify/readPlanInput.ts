import type { Incident } from '../../model/incident/incident.ts';
import { daySeconds } from '../../model/values/time.ts';
import { senderDomain } from '../../notify/channels/mail/mailBody.ts';
import type { AlertSettings } from '../../notify/routing/alertSettings.ts';
import type { NotificationPlanInput } from '../../notify/routing/notificationPlan.ts';
import type { Recipient } from '../../notify/routing/recipient.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import { testsById } from '../knownTests.ts';
import { allSilences } from '../silences.ts';

/** Incidents that ended longer ago send no notification. */
const maxAgeSeconds = 8 * daySeconds;

/** Whom to notify, and when. */
export interface PlanningContext {
  readonly settings: AlertSettings;
  readonly recipients: readonly Recipient[];
  /** Whether a recipient gets its standing alerts at every run. */
  readonly needsRepetition: (recipient: Recipient) => boolean;
  /** Keys the codes of incidents; null when nothing is masked. */
  readonly secret: Buffer | null;
  /** Epoch seconds. */
  readonly now: number;
}

/** Reads everything that decides which notifications are due. */
export function readPlanInput(
  store: Store,
  { settings, recipients, secret, now }: PlanningContext,
): NotificationPlanInput {
  const tests = testsById(store.tests());
  const watchedSince = store.detectionStates.watchedSince();
  const all = store.incidents.since(now - maxAgeSeconds);
  const endedByRetiring = createRetirementCheck(all, tests);
  const incidents = all.filter(
    (incident) => isWatchedIncident(incident, watchedSince) && !endedByRetiring(incident),
  );
  const stored = incidents.flatMap(({ id }) => store.changes.ofIncident(id));
  const from = Math.min(now - maxAgeSeconds, ...incidents.map((incident) => incident.from));
  return {
    now,
    recipients,
    groups: settings.groups,
    incidents,
    changes: new Map(stored.map(({ change }) => [change.id, change])),
    tests,
    mergedIds: store.incidents.mergedIds(),
    acceptedChanges: new Set([
      ...stored.flatMap(({ change, accepted }) => (accepted ? [change.id] : [])),
      ...incidents.flatMap(({ members }) =>
        members.flatMap(({ changeId, accepted }) => (accepted === true ? [changeId] : [])),
      ),
    ]),
    acceptances: new Map(store.acceptances.list().map((each) => [each.changeId, each])),
    watchedSince,
    silences: allSilences(store, { alerts: settings }, now),
    acknowledgements: store.acknowledgements.list(),
    log: store.outbox.log(from),
    groupWaitSeconds: settings.groupWaitSeconds,
    mailDomain: senderDomain(settings.from),
    secret,
  };
}

/**
 * Finds out whether an incident ended because its tests were retired, which is an incident of its
 * own; the tests may have come back since then.
 */
function createRetirementCheck(
  incidents: readonly Incident[],
  tests: ReadonlyMap<string, StoredTest>,
): (incident: Incident) => boolean {
  const momentOf = (testId: string, at: number | null) => `${testId} ${at}`;
  const retirements = new Set(
    incidents
      .flatMap(({ members }) => members)
      .filter((member) => member.class === 'retired')
      .map(({ testId, detectedAt }) => momentOf(testId, detectedAt)),
  );
  return ({ members }) =>
    members.every(
      ({ testId, class: changeClass, closedAt }) =>
        changeClass !== 'retired' &&
        ((tests.get(testId)?.retired ?? null) !== null ||
          retirements.has(momentOf(testId, closedAt))),
    );
}

/** A replay brings incidents from before a test was watched; they send no notification. */
function isWatchedIncident(
  { members }: Incident,
  watchedSince: ReadonlyMap<string, number>,
): boolean {
  return members.some(
    ({ testId, detectedAt }) => detectedAt >= (watchedSince.get(testId) ?? Number.MAX_VALUE),
  );
}
