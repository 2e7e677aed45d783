import type { Change } from '../../model/change.ts';
import type { Incident } from '../../model/incident.ts';
import { senderDomain } from '../../notify/channels/mail/mailBody.ts';
import type { AlertSettings } from '../../notify/routing/alertSettings.ts';
import { decideNotifications } from '../../notify/routing/decideNotifications.ts';
import type {
  NotificationPlanInput,
  PlannedNotification,
} from '../../notify/routing/notificationPlan.ts';
import type { Recipient } from '../../notify/routing/recipient.ts';
import { daySeconds } from '../../store/db/days.ts';
import type { Store } from '../../store/store.ts';
import { allSilences } from '../publish/meshChanges.ts';

/** What is to be told, and the changes that it is about, by their ids. */
export interface PlannedNotifications {
  readonly outgoing: readonly PlannedNotification[];
  readonly changes: ReadonlyMap<string, Change>;
}

/** What ended longer ago is not told any more. */
const maxAgeSeconds = 8 * daySeconds;

/** Who is to be told what of the store at `now` (epoch seconds); `secret` as the plan wants it. */
export function planNotifications(
  store: Store,
  settings: AlertSettings,
  recipients: readonly Recipient[],
  secret: Buffer | null,
  now: number,
): PlannedNotifications {
  const input = planInput(store, settings, recipients, secret, now);
  return { outgoing: decideNotifications(input), changes: input.changes };
}

function planInput(
  store: Store,
  settings: AlertSettings,
  recipients: readonly Recipient[],
  secret: Buffer | null,
  now: number,
): NotificationPlanInput {
  const watchedSince = store.detectionStates.watchedSince();
  const incidents = store.incidents
    .since(now - maxAgeSeconds)
    .filter((incident) => isWatchedIncident(incident, watchedSince));
  const stored = incidents.flatMap(({ id }) => store.changes.ofIncident(id));
  const from = Math.min(now - maxAgeSeconds, ...incidents.map((incident) => incident.from));
  return {
    now,
    recipients,
    groups: settings.groups,
    incidents,
    changes: new Map(stored.map(({ change }) => [change.id, change])),
    tests: new Map(store.tests().map((test) => [test.id, test])),
    mergedInto: store.incidents.mergedIds(),
    acceptedChanges: new Set(
      stored.flatMap(({ change, accepted }) => (accepted ? [change.id] : [])),
    ),
    watchedSince,
    silences: allSilences(store, { alerts: settings }, now),
    acknowledgements: store.acknowledgements.list(),
    log: store.outbox.log(from),
    groupWaitSeconds: settings.groupWaitSeconds,
    mailDomain: senderDomain(settings.from),
    secret,
  };
}

/** Replaying a long time brings many incidents of which nobody is told; they need not be looked at further. */
function isWatchedIncident(
  { members }: Incident,
  watchedSince: ReadonlyMap<string, number>,
): boolean {
  return members.some(
    ({ testId, detectedAt }) => detectedAt >= (watchedSince.get(testId) ?? Number.MAX_VALUE),
  );
}
