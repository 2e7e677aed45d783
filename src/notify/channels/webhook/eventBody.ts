import { truncate } from '../../../lib/truncate.ts';
import { isEndKind } from '../../../model/alerting/outbox.ts';
import type { Severity } from '../../../model/change/change.ts';
import { isoTime } from '../../../model/values/format.ts';
import { hourSeconds } from '../../../model/values/time.ts';
import type { Message } from '../../message/message.ts';
import { idempotencyKey } from '../../routing/buildNotification.ts';
import type { PlannedNotification, RecipientView } from '../../routing/notificationPlan.ts';
import { detailsText } from './detailsText.ts';

/** Limit of PagerDuty for a summary, and one for the details, characters. */
const maxSummaryLength = 1024;
const maxDetailsLength = 8000;

const pagerdutySeverities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  major: 'error',
  moderate: 'warning',
  minor: 'info',
  info: 'info',
};

/**
 * An event for PagerDuty (Events API v2), without the routing key. All messages of a thread concern
 * one incident there, which the end resolves.
 */
export function pagerdutyBody(
  message: Message,
  notification: PlannedNotification | null,
  source: string,
): object {
  const { kind, severity, headline, facts, links } = message;
  const [view] = (notification?.items ?? []).map((item) => item.view);
  const threadId = notification?.references[0] ?? notification?.messageId ?? 'test';
  return {
    event_action: isEndKind(kind) ? 'resolve' : 'trigger',
    dedup_key: idempotencyKey(threadId),
    client: 'pstrace',
    links: links.map(({ label, url }) => ({ href: url, text: label })),
    payload: {
      summary: truncate(headline, maxSummaryLength),
      source,
      severity: pagerdutySeverities[severity],
      ...(view === undefined ? {} : { timestamp: isoTime(view.startedAt) }),
      ...(view === undefined ? {} : { component: suspectOf(view), class: classesOf(view) }),
      custom_details: {
        ...Object.fromEntries(facts.map(({ label, text }) => [label, text])),
        details: detailsText(message, maxDetailsLength),
        ...(view === undefined ? {} : { formerIds: view.formerIds }),
      },
    },
  };
}

/** Alertmanager ends an alert at this age unless a run repeats it, which each does. */
const holdSeconds = hourSeconds;

/** Alerts for Alertmanager (API v2): one for the incident of the message. */
export function alertmanagerBody(
  message: Message,
  notification: PlannedNotification | null,
  now: number,
): object {
  const { severity, headline, links, kind } = message;
  const [item] = notification?.items ?? [];
  const view = item?.view;
  const labels =
    view === undefined
      ? { alertname: 'PstraceTest', severity }
      : {
          alertname: 'PstraceIncident',
          incident: view.code,
          severity: view.severity,
          class: classesOf(view),
          suspect: suspectOf(view),
        };
  const details = detailsText(message, maxDetailsLength);
  const endsAt = isEndKind(kind) ? (view?.endedAt ?? now) : now + holdSeconds;
  return [
    {
      labels,
      annotations: { summary: headline, ...(details === '' ? {} : { description: details }) },
      startsAt: isoTime(view?.startedAt ?? now),
      endsAt: isoTime(endsAt),
      ...(links[0] === undefined ? {} : { generatorURL: links[0].url }),
    },
  ];
}

function suspectOf({ incident: { suspect } }: RecipientView): string {
  return suspect.name === '' ? 'unknown' : suspect.name;
}

/** `inter_as, loss`, sorted, so that the order of changes makes no difference. */
function classesOf({ members }: RecipientView): string {
  return [...new Set(members.map((member) => member.class))].sort().join(', ');
}
