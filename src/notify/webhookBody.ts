import nunjucks from 'nunjucks';
import { ExpectedError } from '../lib/errors.ts';
import { isoTime } from './format.ts';
import { mailText } from './mailText.ts';
import type { Message } from './message.ts';
import { idempotencyKey } from './outgoing.ts';
import type { Outgoing } from './planInput.ts';

/** What a webhook wants to be sent; a template is Nunjucks text that renders to JSON. */
export type WebhookFormat =
  | { readonly kind: 'slack' | 'mattermost' | 'json' }
  | { readonly kind: 'template'; readonly source: string };

/** Slack takes 3000 characters in a section, Mattermost 16383 in a message. */
const longestSection = 2900;
const longestPost = 15_000;

const colours = { critical: '#b84a00', major: '#f0a81c', moderate: '#f4e84e', minor: '#7cc6ee' };
const calm = '#35b48c';

/** JSON text for a webhook. Throws `ExpectedError` of kind `misconfigured` for a template that does not render to JSON. */
export function webhookBody(
  message: Message,
  outgoing: Outgoing | null,
  format: WebhookFormat,
): string {
  switch (format.kind) {
    case 'slack':
      return JSON.stringify(slack(message));
    case 'mattermost':
      return JSON.stringify(mattermost(message));
    case 'json':
      return JSON.stringify(generic(message, outgoing));
    default:
      return rendered(format.source, generic(message, outgoing));
  }
}

/** Everything, for programs: the message as it is and what it is about. */
function generic(message: Message, outgoing: Outgoing | null): object {
  const incidents = (outgoing?.items ?? []).map(({ heard, as }) => ({
    id: heard.incident.id,
    as,
    severity: heard.severity,
    course: heard.course,
    suspect: heard.incident.suspect,
    tests: heard.tests,
    from: heard.startedAt,
    fromIso: isoTime(heard.startedAt),
    to: heard.endedAt,
    toIso: heard.endedAt === null ? null : isoTime(heard.endedAt),
  }));
  return {
    schemaVersion: 1,
    key: outgoing === null ? 'test' : idempotencyKey(outgoing.messageId),
    ...message,
    incidents,
  };
}

function slack(message: Message): object {
  const { subject, headline, links } = message;
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  const places = links.map(({ label, url }) => `<${url}|${forSlack(label)}>`).join(' · ');
  return {
    text: forSlack(subject),
    attachments: [
      {
        color: colourOf(message),
        blocks: [
          section(`*${forSlack(headline)}*`),
          section(`\`\`\`${forSlack(cut(detailsOf(message), longestSection / 2))}\`\`\``),
          ...(places === '' ? [] : [section(places)]),
        ],
      },
    ],
  };
}

/** Slack's three characters with a meaning; a fence within the text would end the block of code. */
function forSlack(text: string): string {
  return withoutFences(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function mattermost(message: Message): object {
  const { headline, links } = message;
  const places = links.map(({ label, url }) => `[${label}](${url})`).join(' · ');
  const details = `\`\`\`\n${withoutFences(cut(detailsOf(message), longestPost))}\n\`\`\``;
  const text = [`**${forMarkdown(headline)}**`, details, places].filter(Boolean).join('\n\n');
  return { attachments: [{ fallback: message.subject, color: colourOf(message), text }] };
}

/** Names may hold what Markdown reads as a link, a mention of everybody or an image. */
function forMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]()<>#|~!]/g, '\\$&').replaceAll('@', '@\u200b');
}

/** The mail's text without the sentence at its head and the line at its foot. */
function detailsOf(message: Message): string {
  return mailText({ ...message, headline: '', footer: '' })
    .replace(/\n-- \n*$/, '')
    .trim();
}

function withoutFences(text: string): string {
  return text.replaceAll('```', "'''");
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}

function colourOf({ kind, severity }: Message): string {
  if (kind === 'recovered' || kind === 'accepted' || severity === 'info') return calm;
  return colours[severity];
}

function rendered(source: string, view: object): string {
  try {
    const environment = new nunjucks.Environment(null, { autoescape: false });
    return JSON.stringify(JSON.parse(environment.renderString(source, view)));
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
