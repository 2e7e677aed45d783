import { severities, worstSeverity } from '../../model/change/change.ts';
import { changePath } from '../../model/site/sitePaths.ts';
import { formatDuration, pluralize, utcSpan, utcTime } from '../../model/values/format.ts';
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
      ? `${digestCounts(views)}: ${counts}.`
      : `The limit of ${limit} was reached. ${pluralize(items.length, 'more incident')}: ${counts}.`,
    facts: [],
    blocks: [],
    lines: items.slice(0, maxLines).map((item) => lineOf(item, data, context)),
    more: Math.max(0, items.length - maxLines),
    links: changesUrl === null ? [] : [{ label: 'All changes', url: changesUrl }],
  };
}

/** `3 incidents still open, 1 over without an alert`. */
function digestCounts(views: readonly RecipientView[]): string {
  const open = views.filter(({ ending }) => ending === null).length;
  const over = views.length - open;
  if (open === 0) return `${pluralize(over, 'incident')} over without an alert`;
  return `${pluralize(open, 'incident')} still open${over === 0 ? '' : `, ${over} over without an alert`}`;
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
  const age = formatDuration(context.now - startedAt);
  const parts = [
    suspectWithAs(view, data),
    changeClassesText(view, data),
    tests.length > 1 ? pluralize(tests.length, 'test') : '',
    endedAt === null ? `since ${utcTime(startedAt)} (${age})` : utcSpan(startedAt, endedAt),
  ];
  return {
    severity: view.severity,
    text: parts.filter(Boolean).join(', '),
    url: pageUrl(context, changePath(incident.id)),
  };
}
