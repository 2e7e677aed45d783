import { compareSeverity } from '../../model/change.ts';
import { daySeconds, hourSeconds } from '../../model/time.ts';
import { buildListNotification } from './buildNotification.ts';
import { lastOccurrence } from './localTime.ts';
import type { PastNotification } from './notificationHistory.ts';
import type {
  NotificationPlanInput,
  PlannedNotification,
  RecipientView,
} from './notificationPlan.ts';
import { isOutdated, isQuiet } from './notificationPolicy.ts';
import { isAtLeast, type Recipient } from './recipient.ts';

/** Shortest time between two digests, also when clocks change. */
const minIntervalSeconds = 20 * hourSeconds;
/** Older incidents may have left the log. */
const maxAgeSeconds = 7 * daySeconds;

/** The daily digest if it is due and not empty: incidents that got no message of their own. */
export function digestFor(
  recipient: Recipient,
  views: readonly RecipientView[],
  history: ReadonlyMap<string, readonly PastNotification[]>,
  input: NotificationPlanInput,
): PlannedNotification[] {
  const due = lastDigestTime(recipient, input);
  if (due === null) return [];
  const items = views
    .filter(
      (view) => !history.has(view.incident.id) && isForDigest(view, recipient, due, input.now),
    )
    .sort(bySeverityAndTime)
    .map((view) => ({ view, kind: 'digest' as const }));
  return items.length === 0 ? [] : [buildListNotification('digest', due, items, recipient, input)];
}

/** The time (epoch seconds) for which a digest is due now; null if none is due. */
function lastDigestTime(recipient: Recipient, { now, log }: NotificationPlanInput): number | null {
  const { id, digestAt, timeZone } = recipient;
  if (isQuiet(recipient, now)) return null;
  const due = lastOccurrence(now, digestAt, timeZone);
  const last = log.findLast((message) => message.recipient === id && message.kind === 'digest');
  if (last === undefined) return due;
  return last.plannedAt >= due || now - last.plannedAt < minIntervalSeconds ? null : due;
}

/** Whether an incident is too minor or too old for a message of its own, but not for the digest. */
function isForDigest(
  view: RecipientView,
  { digestFrom, alertFrom }: Recipient,
  due: number,
  now: number,
): boolean {
  const { severity, detectedAt } = view;
  if (digestFrom === null || !isAtLeast(severity, digestFrom)) return false;
  if (detectedAt >= due || detectedAt < now - maxAgeSeconds) return false;
  return !isAtLeast(severity, alertFrom) || isOutdated(view, now);
}

function bySeverityAndTime(a: RecipientView, b: RecipientView): number {
  return (
    compareSeverity(a, b) || a.detectedAt - b.detectedAt || (a.incident.id < b.incident.id ? -1 : 1)
  );
}
