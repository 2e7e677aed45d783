import nunjucks from 'nunjucks';
import { ExpectedError } from '../../../lib/errors.ts';
import { truncate } from '../../../lib/truncate.ts';
import { foreignText } from '../../../model/foreignText.ts';
import { isoTime } from '../../../model/format.ts';
import { isEndKind } from '../../../model/outbox.ts';
import { publicSchemaVersion } from '../../../model/publicSchema.ts';
import type { Message } from '../../message/message.ts';
import { renderPlainText } from '../../message/plainText.ts';
import { idempotencyKey } from '../../routing/buildNotification.ts';
import type { PlannedNotification } from '../../routing/notificationPlan.ts';

/** Format of a webhook; a template is Nunjucks text that renders to JSON. */
export type WebhookFormat =
  | { readonly kind: 'slack' | 'mattermost' | 'json' }
  | { readonly kind: 'template'; readonly source: string };

/** Below the limits of Slack (3000 characters a section) and Mattermost (16383 a message). */
const maxSectionLength = 2900;
const maxPostLength = 15_000;

const severityColors = {
  critical: '#b84a00',
  major: '#f0a81c',
  moderate: '#f4e84e',
  minor: '#7cc6ee',
};
const recoveredColor = '#35b48c';

/**
 * JSON text for a webhook. Throws `ExpectedError` of kind `misconfigured` for a template that does
 * not render to JSON.
 */
export function renderWebhookBody(
  message: Message,
  notification: PlannedNotification | null,
  format: WebhookFormat,
): string {
  switch (format.kind) {
    case 'slack':
      return JSON.stringify(slackPayload(message));
    case 'mattermost':
      return JSON.stringify(mattermostPayload(message));
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

function slackPayload(message: Message): object {
  const { subject, headline, links } = message;
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  const linkText = links.map(({ label, url }) => `<${url}|${escapeSlack(label)}>`).join(' · ');
  return {
    text: escapeSlack(subject),
    attachments: [
      {
        color: colorOf(message),
        blocks: [
          section(`*${escapeSlack(headline)}*`),
          section(`\`\`\`${escapeSlack(truncate(detailsOf(message), maxSectionLength / 2))}\`\`\``),
          ...(linkText === '' ? [] : [section(linkText)]),
        ],
      },
    ],
  };
}

/** Escapes Slack's three special characters; a fence within the text would end the code block. */
function escapeSlack(text: string): string {
  return stripFences(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function mattermostPayload(message: Message): object {
  const { headline, links } = message;
  const linkText = links.map(({ label, url }) => `[${label}](${url})`).join(' · ');
  const details = `\`\`\`\n${stripFences(truncate(detailsOf(message), maxPostLength))}\n\`\`\``;
  const text = [`**${escapeMarkdown(headline)}**`, details, linkText].filter(Boolean).join('\n\n');
  return { attachments: [{ fallback: message.subject, color: colorOf(message), text }] };
}

/** Names may contain what Markdown takes for a link, a mention or an image. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]()<>#|~!]/g, '\\$&').replaceAll('@', '@\u200b');
}

/** The text of the mail without headline and footer. */
function detailsOf(message: Message): string {
  return renderPlainText({ ...message, headline: '', footer: '' })
    .replace(/\n-- \n*$/, '')
    .trim();
}

function stripFences(text: string): string {
  return text.replaceAll('```', "'''");
}

function colorOf({ kind, severity }: Message): string {
  if (isEndKind(kind) || severity === 'info') return recoveredColor;
  return severityColors[severity];
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
