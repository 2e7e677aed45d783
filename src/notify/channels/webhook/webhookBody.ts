import nunjucks from 'nunjucks';
import { ExpectedError } from '../../../lib/errors.ts';
import type { webhookFormats } from '../../../model/alerting/webhookFormats.ts';
import { foreignText } from '../../../model/run/foreignText.ts';
import { publicSchemaVersion } from '../../../model/site/publicSchema.ts';
import { isoTime } from '../../../model/values/format.ts';
import type { Message } from '../../message/message.ts';
import type { MessageContext } from '../../message/messageData.ts';
import { idempotencyKey } from '../../routing/buildNotification.ts';
import type { PlannedNotification } from '../../routing/notificationPlan.ts';
import { discordBody, mattermostBody, slackBody, teamsBody } from './chatBody.ts';
import { alertmanagerBody, pagerdutyBody } from './eventBody.ts';

/** Format of a webhook; a template is Nunjucks text that renders to JSON. */
export type WebhookFormat =
  | { readonly kind: (typeof webhookFormats)[number] }
  | { readonly kind: 'template'; readonly source: string };

/**
 * Whether a service opens and ends an alert of its own for each incident: it needs every message,
 * and has no use for a digest or a summary.
 */
export function isEventFormat({ kind }: WebhookFormat): boolean {
  return kind === 'pagerduty' || kind === 'alertmanager';
}

/**
 * JSON text for a webhook. Throws `ExpectedError` of
 * kind `misconfigured` for a template that does not render to JSON.
 */
export function renderWebhookBody(
  message: Message,
  notification: PlannedNotification | null,
  format: WebhookFormat,
  { title, now }: Pick<MessageContext, 'title' | 'now'>,
): string {
  switch (format.kind) {
    case 'slack':
      return JSON.stringify(slackBody(message));
    case 'mattermost':
      return JSON.stringify(mattermostBody(message));
    case 'teams':
      return JSON.stringify(teamsBody(message));
    case 'discord':
      return JSON.stringify(discordBody(message));
    case 'pagerduty':
      return JSON.stringify(pagerdutyBody(message, notification, title));
    case 'alertmanager':
      return JSON.stringify(alertmanagerBody(message, notification, now));
    case 'json':
      return JSON.stringify(jsonPayload(message, notification));
    default:
      return renderTemplate(format.source, jsonPayload(message, notification));
  }
}

/** The message and its incidents, for programs. */
function jsonPayload(message: Message, notification: PlannedNotification | null): object {
  const incidents = (notification?.items ?? []).map(({ view, kind }) => ({
    id: view.incident.id,
    formerIds: view.formerIds,
    kind,
    severity: view.severity,
    status: view.status,
    suspect: view.incident.suspect,
    tests: view.tests,
    from: view.startedAt,
    fromIso: isoTime(view.startedAt),
    to: view.endedAt,
    toIso: view.endedAt === null ? null : isoTime(view.endedAt),
  }));
  return {
    schemaVersion: publicSchemaVersion,
    key: notification === null ? 'test' : idempotencyKey(notification.messageId),
    ...message,
    incidents,
  };
}

/**
 * Values without the filter `dump` give JSON until a name contains a quotation mark. Names come
 * from others, so such a message goes out with harmless characters instead.
 */
function renderTemplate(source: string, data: object): string {
  const environment = new nunjucks.Environment(null, { autoescape: false });
  const render = (values: object) =>
    JSON.stringify(JSON.parse(environment.renderString(source, values)));
  try {
    return render(data);
  } catch {
    // Rendered once more below.
  }
  try {
    return render(withoutJsonSyntax(data) as object);
  } catch (cause) {
    throw new ExpectedError(
      {
        kind: 'misconfigured',
        subject: 'template of a webhook',
        message: 'The template does not render to JSON.',
        remedy: 'Pass each value through the dump filter, as in {{ subject | dump }}.',
        detail: foreignText(cause instanceof Error ? cause.message : String(cause)),
      },
      { cause },
    );
  }
}

/** The value with all texts free of the characters that end a JSON string. */
function withoutJsonSyntax(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('"', "'").replaceAll('\\', '/');
  if (Array.isArray(value)) return value.map(withoutJsonSyntax);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, withoutJsonSyntax(field)]),
  );
}
