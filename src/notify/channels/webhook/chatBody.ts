import { truncate } from '../../../lib/truncate.ts';
import { isEndKind } from '../../../model/alerting/outbox.ts';
import type { Message } from '../../message/message.ts';
import { detailsText } from './detailsText.ts';

/** Below the limits of the services, characters: a section, a post, a description, a card. */
const maxLengths = { slack: 2900, mattermost: 15_000, discord: 4000, teams: 15_000 } as const;
/** Limit of Discord for the title of an embed. */
const maxTitleLength = 256;

const severityColors = {
  critical: '#b84a00',
  major: '#f0a81c',
  moderate: '#f4e84e',
  minor: '#7cc6ee',
};
const recoveredColor = '#35b48c';

/** A post for Slack. */
export function slackBody(message: Message): object {
  const { subject, headline, links } = message;
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  const details = detailsText(message, maxLengths.slack, escapeSlack);
  const linkText = links.map(({ label, url }) => `<${url}|${escapeSlack(label)}>`).join(' · ');
  return {
    text: escapeSlack(subject),
    attachments: [
      {
        color: colorOf(message),
        blocks: [
          section(`*${escapeSlack(headline)}*`),
          ...(details === '' ? [] : [section(`\`\`\`\n${details}\n\`\`\``)]),
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

/** A post for Mattermost. */
export function mattermostBody(message: Message): object {
  const { headline } = message;
  const text = [
    `**${escapeMarkdown(headline)}**`,
    codeBlock(detailsText(message, maxLengths.mattermost, stripFences)),
    markdownLinks(message),
  ];
  return {
    attachments: [
      {
        fallback: message.subject,
        color: colorOf(message),
        text: text.filter(Boolean).join('\n\n'),
      },
    ],
  };
}

/** A post for a webhook of Discord. It mentions no user, whatever a name contains. */
export function discordBody(message: Message): object {
  const { subject, headline, links } = message;
  const color = Number.parseInt(colorOf(message).slice(1), 16);
  const description = [
    codeBlock(detailsText(message, maxLengths.discord - headline.length, stripFences)),
    markdownLinks(message),
  ];
  return {
    content: `**${escapeMarkdown(headline)}**`,
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: truncate(subject, maxTitleLength),
        ...(links[0] === undefined ? {} : { url: links[0].url }),
        description: description.filter(Boolean).join('\n'),
        color,
      },
    ],
  };
}

/** A card for a workflow of Microsoft Teams ("When a Teams webhook request is received"). */
export function teamsBody(message: Message): object {
  const { headline, links, severity, kind } = message;
  const details = detailsText(message, maxLengths.teams);
  const color = isEndKind(kind) ? 'Good' : severity === 'critical' ? 'Attention' : 'Warning';
  const code = { type: 'CodeBlock', codeSnippet: details, language: 'PlainText' };
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.5',
          msteams: { width: 'Full' },
          body: [
            {
              type: 'TextBlock',
              text: escapeMarkdown(headline),
              weight: 'Bolder',
              color: severity === 'info' && kind !== 'recovered' ? 'Default' : color,
              wrap: true,
            },
            ...(details === '' ? [] : [code]),
          ],
          actions: links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
        },
      },
    ],
  };
}

/** Names may contain what Markdown takes for a link, a mention or an image. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]()<>#|~!]/g, '\\$&').replaceAll('@', '@\u200b');
}

function markdownLinks({ links }: Message): string {
  return links.map(({ label, url }) => `[${label}](${url})`).join(' · ');
}

function codeBlock(text: string): string {
  return text === '' ? '' : `\`\`\`\n${text}\n\`\`\``;
}

function stripFences(text: string): string {
  return text.replaceAll('```', "'''");
}

function colorOf({ kind, severity }: Message): string {
  if (isEndKind(kind) || severity === 'info') return recoveredColor;
  return severityColors[severity];
}
