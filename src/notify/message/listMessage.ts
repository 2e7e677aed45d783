import { type Severity, severities } from '../../model/change.ts';
import { pluralize, utcSpan, utcTime } from '../../model/format.ts';
import { changePath } from '../../model/sitePaths.ts';
import type { NotificationItem, PlannedNotification } from '../routing/notificationPlan.ts';
import { worstSeverity } from '../routing/recipient.ts';
import { changeClassesText, subjectLine } from './headline.ts';
import { pageUrl } from './links.ts';
import type { ListLine, Message } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { suspectText } from './suspectText.ts';

const maxLines = 100;

/** One message about several incidents: the digest of a day, or the summary of what went beyond the hourly limit. */
export function listMessage(
  { kind, items, recipient }: PlannedNotification,
  data: MessageData,
  context: MessageContext,
): Omit<Message, 'footer'> {
  const counts = countsText(items.map(({ view }) => view.severity));
  const isDigest = kind === 'digest';
  const limit = `${pluralize(recipient.perHour, 'message')} an hour`;
  const changesUrl = pageUrl(context, 'changes.html');
  return {
    kind,
    severity: worstSeverity(items.map(({ view }) => view.severity)),
    subject: subjectLine(`${isDigest ? 'digest' : 'summary'}: ${counts}`, context),
    headline: isDigest
      ? `${pluralize(items.length, 'incident')} of the last days that you were not told of before: ${counts}.`
      : `The limit of ${limit} is reached. ${pluralize(items.length, 'more incident')}: ${counts}.`,
    facts: [],
    blocks: [],
    lines: items.slice(0, maxLines).map((item) => lineOf(item, data, context)),
    more: Math.max(0, items.length - maxLines),
    links: changesUrl === null ? [] : [{ label: 'All changes', url: changesUrl }],
  };
}

/** `1 critical, 4 minor`, worst first. */
function countsText(listed: readonly Severity[]): string {
  return severities
    .map((severity) => [listed.filter((each) => each === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`)
    .join(', ');
}

function lineOf(item: NotificationItem, data: MessageData, context: MessageContext): ListLine {
  const { view } = item;
  const { incident, tests, endedAt } = view;
  const { startedAt } = view;
  const parts = [
    suspectText(view, data),
    changeClassesText(view, data),
    tests.length > 1 ? pluralize(tests.length, 'test') : '',
    endedAt === null ? `since ${utcTime(startedAt)}` : utcSpan(startedAt, endedAt),
  ];
  return {
    severity: view.severity,
    text: parts.filter(Boolean).join(', '),
    url: pageUrl(context, changePath(incident.id)),
  };
}
