import { cleanText } from '../../lib/text.ts';
import { isEndKind } from '../../model/alerting/outbox.ts';
import type { Change, Effect } from '../../model/change/change.ts';
import { compareSeverity } from '../../model/change/change.ts';
import { changeClassLabels, countLabels, effectLabels } from '../../model/change/changeLabels.ts';
import { shortVerdict } from '../../model/change/verdictText.ts';
import {
  formatDuration,
  formatMsChange,
  sentenceCase,
  utcTime,
} from '../../model/values/format.ts';
import { lowerMedian } from '../../model/values/statistics.ts';
import type { NotificationItem, RecipientView } from '../routing/notificationPlan.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { changesOf, suspectWithAs, testsText } from './viewText.ts';

const maxSubjectLength = 160;

/**
 * Subject of a message about one incident: severity or end, classes, suspect, effect, number of
 * tests. A later message of a thread keeps the subject of the first one, as mail programs expect,
 * with its news at the end.
 */
export function subjectOf(
  item: NotificationItem,
  threadSubject: string | null,
  data: MessageData,
  context: MessageContext,
): string {
  const { view, kind } = item;
  if (threadSubject !== null) return replySubject(threadSubject, newsOf(item, data, context));
  const parts = [
    changeClassesText(view, data),
    suspectWithAs(view, data),
    isEndKind(kind) ? '' : shortEffect(view, data),
    view.tests.length > 1 ? testsText(view, data) : '',
  ];
  const text = `${statusText(item)}: ${parts.filter(Boolean).join(', ')}`;
  return subjectLine(text, context);
}

/** A subject with its prefix: one line of limited length without control characters. */
export function subjectLine(text: string, { prefix }: Pick<MessageContext, 'prefix'>): string {
  return cleanText(`${prefix} ${text}`, maxSubjectLength) ?? 'pstrace';
}

function replySubject(subject: string, news: string): string {
  return `Re: ${cleanText(subject, maxSubjectLength) ?? 'pstrace'} (${news})`;
}

/** The news of a later message: `recovered after 2 h 10 min`, `update: critical, 12 tests`. */
function newsOf(item: NotificationItem, data: MessageData, { now }: MessageContext): string {
  const { view, isReminder = false } = item;
  if (item.kind !== 'update') return statusText(item);
  if (isReminder) return `still open after ${formatDuration(now - view.startedAt)}`;
  const tests = view.tests.length > 1 ? testsText(view, data) : '';
  return `update: ${[view.severity, shortEffect(view, data), tests].filter(Boolean).join(', ')}`;
}

function statusText({ kind, view, isReminder = false }: NotificationItem): string {
  const durationSeconds = (view.endedAt ?? view.detectedAt) - view.startedAt;
  if (kind === 'recovered') return `recovered after ${formatDuration(durationSeconds)}`;
  if (kind === 'accepted') return 'accepted';
  return kind === 'update'
    ? `${view.severity} (${isReminder ? 'still open' : 'update'})`
    : view.severity;
}

/** The incident in one sentence. */
export function headlineOf(
  { kind, view, isReminder = false }: NotificationItem,
  data: MessageData,
): string {
  const { length } = view.tests;
  const tests = length > 1 ? ` on ${testsText(view, data)}` : '';
  const suspect = suspectWithAs(view, data);
  const summary = `${changeClassesText(view, data)}${tests}${suspect === '' ? '' : `: ${suspect}`}`;
  const since = `since ${utcTime(view.startedAt)}`;
  const durationText = formatDuration((view.endedAt ?? view.detectedAt) - view.startedAt);
  if (kind === 'accepted') return `${acceptedBy(view, durationText)}: ${summary}, ${since}.`;
  if (kind === 'recovered') {
    return `Recovered after ${durationText}: ${summary}, from ${utcTime(view.startedAt)}.`;
  }
  const effect = shortEffect(view, data);
  const sentence = `${summary}${effect === '' ? '' : `, ${effect}`}, ${since}.`;
  return isReminder ? `Nothing new, still open: ${sentence}` : sentenceCase(sentence);
}

/** The cause that made an incident usual: an operator, or the time it lasted. */
function acceptedBy({ acceptance }: RecipientView, durationText: string): string {
  if (acceptance === null) return `Accepted as the new baseline after ${durationText}`;
  return `Accepted by ${acceptance.by ?? 'an operator'} after ${durationText}`;
}

/** The classes of the changes, worst first: `unreachable (1), AS path changed (4)`. */
export function changeClassesText(view: RecipientView, data: MessageData): string {
  return countLabels(changesOf(view, data).toSorted(compareSeverity).map(changeClassText));
}

/** The class of a change: `AS path changed`, `policy violated (must_avoid)`. */
export function changeClassText({ class: changeClass, policy }: Change): string {
  return policy === undefined
    ? changeClassLabels[changeClass]
    : `${changeClassLabels[changeClass]} (${policy.rule})`;
}

/**
 * The figure of a single change, or the median RTT shift of several; '' if fewer than half have a
 * shift.
 */
function shortEffect(view: RecipientView, data: MessageData): string {
  const changes = changesOf(view, data);
  const [only] = changes;
  if (only !== undefined && changes.length === 1) return shortVerdict(only);
  const shifts = changes.flatMap(({ verdict }) => verdict.shiftMs ?? []);
  const medianShift = lowerMedian(shifts);
  if (medianShift === null || 2 * shifts.length < changes.length) return '';
  return `${formatMsChange(medianShift)} median`;
}

/** `worse for 25, no measurable effect for 2`. */
export function effectsText(changes: readonly Change[]): string {
  const order: readonly Effect[] = ['worse', 'same', 'better', 'unknown'];
  const parts = order.flatMap((effect) => {
    const count = changes.filter(({ verdict }) => verdict.effect === effect).length;
    return count === 0 ? [] : [`${effectLabels[effect]} for ${count}`];
  });
  return parts.join(', ');
}
