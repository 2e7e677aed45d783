import { cleanText } from '../../lib/text.ts';
import type { Change, Effect } from '../../model/change.ts';
import { severities } from '../../model/change.ts';
import { changeClassLabels, effectLabels } from '../../model/changeLabels.ts';
import { formatDuration, formatMsChange, sentenceCase, utcTime } from '../../model/format.ts';
import { lowerMedian } from '../../model/statistics.ts';
import { shortVerdict } from '../../model/verdictText.ts';
import type { NotificationItem, RecipientView } from '../routing/notificationPlan.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { changesOf, suspectText, testsText } from './suspectText.ts';

const maxSubjectLength = 160;
const maxClasses = 3;

/** Subject of a message about one incident: severity or how it ended, class, cause, effect, number of tests. */
export function subjectOf(
  item: NotificationItem,
  data: MessageData,
  context: MessageContext,
): string {
  const { view, kind } = item;
  const isOver = kind === 'recovered' || kind === 'accepted';
  const parts = [
    changeClassesText(view, data),
    suspectText(view, data),
    isOver ? '' : shortEffect(view, data),
    view.tests.length > 1 ? testsText(view, data) : '',
  ];
  const text = `${statusText(item)}: ${parts.filter(Boolean).join(', ')}`;
  return subjectLine(text, context);
}

/** A subject with its prefix: one line, no control characters, not too long. */
export function subjectLine(text: string, { prefix }: Pick<MessageContext, 'prefix'>): string {
  return cleanText(`${prefix} ${text}`, maxSubjectLength) ?? 'pstrace';
}

function statusText({ kind, view }: NotificationItem): string {
  const durationSeconds = (view.endedAt ?? view.detectedAt) - view.startedAt;
  if (kind === 'recovered') return `recovered after ${formatDuration(durationSeconds)}`;
  if (kind === 'accepted') return 'normal now';
  return kind === 'update' ? `${view.severity} (update)` : view.severity;
}

/** The incident in one sentence. */
export function headlineOf({ kind, view }: NotificationItem, data: MessageData): string {
  const { length } = view.tests;
  const tests = length > 1 ? ` on ${testsText(view, data)}` : '';
  const suspect = suspectText(view, data);
  const summary = `${changeClassesText(view, data)}${tests}${suspect === '' ? '' : `: ${suspect}`}`;
  const since = `since ${utcTime(view.startedAt)}`;
  if (kind === 'accepted') return `This is taken as normal from now on: ${summary}, ${since}.`;
  if (kind === 'recovered') {
    const durationText = formatDuration((view.endedAt ?? view.detectedAt) - view.startedAt);
    return `Recovered after ${durationText}: ${summary}, from ${utcTime(view.startedAt)}.`;
  }
  const effect = shortEffect(view, data);
  const sentence = `${summary}${effect === '' ? '' : `, ${effect}`}, ${since}.`;
  return sentenceCase(sentence);
}

/** What happened, worst first: `unreachable`, or with the number of changes each `unreachable (1), AS path changed (4)`. */
export function changeClassesText(view: RecipientView, data: MessageData): string {
  const counts = new Map<string, number>();
  const changes = changesOf(view, data).toSorted(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
  );
  for (const change of changes) {
    const text = changeClassText(change);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()].join('');
  const named = [...counts].slice(0, maxClasses).map(([text, count]) => `${text} (${count})`);
  return [...named, ...(counts.size > maxClasses ? ['and more'] : [])].join(', ');
}

/** What happened, in words: `AS path changed`, `policy broken (must_avoid)`. */
export function changeClassText({ class: changeClass, policy }: Change): string {
  return policy === undefined
    ? changeClassLabels[changeClass]
    : `${changeClassLabels[changeClass]} (${policy.rule})`;
}

/** The figure of the only change, or the median shift of several; '' where less than half of them have one. */
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
export function judgementsText(changes: readonly Change[]): string {
  const order: readonly Effect[] = ['worse', 'same', 'better', 'unknown'];
  const parts = order.flatMap((judgement) => {
    const count = changes.filter(({ verdict }) => verdict.effect === judgement).length;
    return count === 0 ? [] : [`${effectLabels[judgement]} for ${count}`];
  });
  return parts.join(', ');
}
