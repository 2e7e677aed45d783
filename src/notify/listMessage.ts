import { type Severity, severities } from '../model/change.ts';
import { causeText } from './cause.ts';
import { counted, utcSpan, utcTime } from './format.ts';
import { classesText, subjectLine } from './headline.ts';
import { changePath, pageUrl } from './links.ts';
import type { ListLine, Message } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import type { Outgoing, OutgoingItem } from './planInput.ts';
import { worstOf } from './recipient.ts';

const mostLines = 100;

/** One message about several incidents: the digest of a day, or the summary of what went beyond the hourly limit. */
export function listMessage(
  { kind, items, recipient }: Outgoing,
  data: MessageData,
  context: MessageContext,
): Omit<Message, 'footer'> {
  const counts = countsText(items.map(({ heard }) => heard.severity));
  const isDigest = kind === 'digest';
  const limit = `${counted(recipient.perHour, 'message')} an hour`;
  const home = pageUrl(context, 'changes.html');
  return {
    kind,
    severity: worstOf(items.map(({ heard }) => heard.severity)),
    subject: subjectLine(`${isDigest ? 'digest' : 'summary'}: ${counts}`, context),
    headline: isDigest
      ? `${counted(items.length, 'incident')} of the last days that you were not told of before: ${counts}.`
      : `The limit of ${limit} is reached. ${counted(items.length, 'more incident')}: ${counts}.`,
    facts: [],
    blocks: [],
    lines: items.slice(0, mostLines).map((item) => lineOf(item, data, context)),
    more: Math.max(0, items.length - mostLines),
    links: home === null ? [] : [{ label: 'All changes', url: home }],
  };
}

/** `1 critical, 4 minor`, worst first. */
function countsText(found: readonly Severity[]): string {
  return severities
    .map((severity) => [found.filter((each) => each === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`)
    .join(', ');
}

function lineOf(item: OutgoingItem, data: MessageData, context: MessageContext): ListLine {
  const { heard } = item;
  const { incident, tests, endedAt } = heard;
  const { startedAt } = heard;
  const parts = [
    causeText(heard, data),
    classesText(heard, data),
    tests.length > 1 ? counted(tests.length, 'test') : '',
    endedAt === null ? `since ${utcTime(startedAt)}` : utcSpan(startedAt, endedAt),
  ];
  return {
    severity: heard.severity,
    text: parts.filter(Boolean).join(', '),
    url: pageUrl(context, changePath(incident.id)),
  };
}
