import nunjucks from 'nunjucks';
import { ExpectedError } from '../../../lib/errors.ts';
import { isoTime } from '../../../model/format.ts';
import { publicSchemaVersion } from '../../../model/publicSchema.ts';
import type { Message } from '../../message/message.ts';
import { renderPlainText } from '../../message/plainText.ts';
import { idempotencyKey } from '../../routing/buildNotification.ts';
import type { PlannedNotification } from '../../routing/notificationPlan.ts';

/** What a webhook wants to be sent; a template is Nunjucks text that renders to JSON. */
export type WebhookFormat =
  | { readonly kind: 'slack' | 'mattermost' | 'json' }
  | { readonly kind: 'template'; readonly source: string };

/** Slack takes 3000 characters in a section, Mattermost 16383 in a message. */
const maxSectionLength = 2900;
const maxPostLength = 15_000;

const severityColors = {
  critical: '#b84a00',
  major: '#f0a81c',
  moderate: '#f4e84e',
  minor: '#7cc6ee',
};
const recoveredColor = '#35b48c';

/** JSON text for a webhook. Throws `ExpectedError` of kind `misconfigured` for a template that does not render to JSON. */
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

/** Everything, for programs: the message as it is and what it is about. */
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

/** Slack's three characters with a meaning; a fence within the text would end the block of code. */
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

/** Names may hold what Markdown reads as a link, a mention of everybody or an image. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]()<>#|~!]/g, '\\$&').replaceAll('@', '@\u200b');
}

/** The mail's text without the sentence at its head and the line at its foot. */
function detailsOf(message: Message): string {
  return renderPlainText({ ...message, headline: '', footer: '' })
    .replace(/\n-- \n*$/, '')
    .trim();
}

function stripFences(text: string): string {
  return text.replaceAll('```', "'''");
}

function truncate(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).toWellFormed()}…`;
}

function colorOf({ kind, severity }: Message): string {
  if (kind === 'recovered' || kind === 'accepted' || severity === 'info') return recoveredColor;
  return severityColors[severity];
}

function renderTemplate(source: string, data: object): string {
  try {
    const environment = new nunjucks.Environment(null, { autoescape: false });
    return JSON.stringify(JSON.parse(environment.renderString(source, data)));
  } catch (cause) {
    throw new ExpectedError(
      {
        kind: 'misconfigured',
        subject: 'template of a webhook',
        message: `The template does not give JSON: ${cause instanceof Error ? cause.message : cause}`,
        remedy: 'Print every value with the filter dump, as in {{ subject | dump }}.',
      },
      { cause },
    );
  }
}
