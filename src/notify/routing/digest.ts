import { severities } from '../../model/change.ts';
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

/** Two digests are at least so far apart, also when the clocks change. */
const minIntervalSeconds = 20 * 3600;
/** The log may have forgotten what was told of older incidents. */
const maxAgeSeconds = 7 * 86_400;

/** The daily digest if it is due and there is something in it: what a recipient was not told at once and is new to him. */
export function digestFor(
  recipient: Recipient,
  views: readonly RecipientView[],
  history: ReadonlyMap<string, readonly PastNotification[]>,
  input: NotificationPlanInput,
): PlannedNotification[] {
  const { now, log } = input;
  const { digestFrom, digestAt, timeZone, id } = recipient;
  if (digestFrom === null || isQuiet(recipient, now)) return [];
  const due = lastOccurrence(now, digestAt, timeZone);
  const last = log.findLast((message) => message.recipient === id && message.kind === 'digest');
  if (last !== undefined && (last.plannedAt >= due || now - last.plannedAt < minIntervalSeconds))
    return [];
  const items = views
    .filter((each) => {
      const { severity, detectedAt } = each;
      if (!isAtLeast(severity, digestFrom) || history.has(each.incident.id)) return false;
      if (detectedAt >= due || detectedAt < now - maxAgeSeconds) return false;
      return !isAtLeast(severity, recipient.alertFrom) || isOutdated(each, now);
    })
    .sort(bySeverityAndTime)
    .map((each) => ({ view: each, kind: 'digest' as const }));
  return items.length === 0 ? [] : [buildListNotification('digest', due, items, recipient, input)];
}

function bySeverityAndTime(a: RecipientView, b: RecipientView): number {
  const severityOrder = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return severityOrder || a.detectedAt - b.detectedAt || (a.incident.id < b.incident.id ? -1 : 1);
}
