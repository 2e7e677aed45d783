import { severities, worstSeverity } from '../../model/change.ts';
import { pluralize, utcSpan, utcTime } from '../../model/format.ts';
import { changePath } from '../../model/sitePaths.ts';
import type {
  NotificationItem,
  PlannedNotification,
  RecipientView,
} from '../routing/notificationPlan.ts';
import { changeClassesText, subjectLine } from './headline.ts';
import { pageUrl } from './links.ts';
import type { ListLine, Message } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { suspectWithAs } from './viewText.ts';

const maxLines = 100;

/** A message about several incidents: the daily digest, or the summary beyond the hourly limit. */
export function listMessage(
  { kind, items, recipient }: PlannedNotification,
  data: MessageData,
  context: MessageContext,
): Omit<Message, 'footer'> {
  const views = items.map(({ view }) => view);
  const counts = countsText(views);
  const isDigest = kind === 'digest';
  const limit = `${pluralize(recipient.perHour, 'message')} per hour`;
  const changesUrl = pageUrl(context, 'changes.html');
  return {
    kind,
    severity: worstSeverity(views),
    subject: subjectLine(`${isDigest ? 'digest' : 'summary'}: ${counts}`, context),
    headline: isDigest
      ? `${pluralize(items.length, 'incident')} without an alert in the last days: ${counts}.`
      : `The limit of ${limit} was reached. ${pluralize(items.length, 'more incident')}: ${counts}.`,
    facts: [],
    blocks: [],
    lines: items.slice(0, maxLines).map((item) => lineOf(item, data, context)),
    more: Math.max(0, items.length - maxLines),
    links: changesUrl === null ? [] : [{ label: 'All changes', url: changesUrl }],
  };
}

/** `1 critical, 4 minor`, worst first. */
function countsText(views: readonly RecipientView[]): string {
  return severities
    .map(
      (severity) => [views.filter((view) => view.severity === severity).length, severity] as const,
    )
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`)
    .join(', ');
}

function lineOf(item: NotificationItem, data: MessageData, context: MessageContext): ListLine {
  const { view } = item;
  const { incident, tests, startedAt, endedAt } = view;
  const parts = [
    suspectWithAs(view, data),
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
