import { compareSeverity } from '../../model/change/change.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';
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
/** Older incidents that have ended may have left the log. */
const maxAgeSeconds = 7 * daySeconds;
/** A younger incident may still get a message of its own first. */
const minLastingSeconds = hourSeconds;

/**
 * The daily digest if it is due and not empty: all incidents that last, and those that got no
 * message of their own.
 */
export function digestFor(
  recipient: Recipient,
  views: readonly RecipientView[],
  history: ReadonlyMap<string, readonly PastNotification[]>,
  input: NotificationPlanInput,
): PlannedNotification[] {
  const due = lastDigestTime(recipient, input);
  if (due === null) return [];
  const items = views
    .filter((view) => {
      const past = history.get(view.incident.id) ?? [];
      return (
        isWanted(view, recipient, due) &&
        (isLasting(view, due) || isNews(view, past, recipient, input.now))
      );
    })
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

/** Whether an incident is severe enough for a digest, and older than it. */
function isWanted(
  { severity, detectedAt }: RecipientView,
  { digestFrom }: Recipient,
  due: number,
): boolean {
  return digestFrom !== null && isAtLeast(severity, digestFrom) && detectedAt < due;
}

/** Whether an incident lasts: every digest lists it, until it ends or is accepted. */
function isLasting({ ending, detectedAt }: RecipientView, due: number): boolean {
  return ending === null && detectedAt < due - minLastingSeconds;
}

/**
 * Whether an incident, or its end, is new and too minor or too old for a message of its own.
 * `past`: the earlier messages about it.
 */
function isNews(
  view: RecipientView,
  past: readonly PastNotification[],
  { alertFrom }: Recipient,
  now: number,
): boolean {
  const { severity, detectedAt, ending } = view;
  const isKnown = past.some(
    ({ notified }) => notified.kind !== 'digest' || ending === null || notified.endedAt !== null,
  );
  if (isKnown || detectedAt < now - maxAgeSeconds) return false;
  return !isAtLeast(severity, alertFrom) || isOutdated(view, now);
}

function bySeverityAndTime(a: RecipientView, b: RecipientView): number {
  return (
    compareSeverity(a, b) || a.detectedAt - b.detectedAt || (a.incident.id < b.incident.id ? -1 : 1)
  );
}
