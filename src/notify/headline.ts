import { duration } from '../lib/duration.ts';
import { cleanText } from '../lib/text.ts';
import type { Change, Judgement } from '../model/change.ts';
import { severities } from '../model/change.ts';
import { classWords, judgementWords } from '../model/changeWords.ts';
import { causeText, changesOf, testsText } from './cause.ts';
import { sentenceCase, signedMs, utcTime } from './format.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import type { Heard, OutgoingItem } from './planInput.ts';
import { verdictInShort } from './verdictText.ts';

const longestSubject = 160;
const mostClasses = 3;

/** Subject of a message about one incident: severity or how it ended, class, cause, effect, number of tests. */
export function subjectOf(item: OutgoingItem, data: MessageData, context: MessageContext): string {
  const { heard, as } = item;
  const isOver = as === 'recovered' || as === 'accepted';
  const parts = [
    classesText(heard, data),
    causeText(heard, data),
    isOver ? '' : effectInShort(heard, data),
    heard.tests.length > 1 ? testsText(heard, data) : '',
  ];
  const text = `${standing(item)}: ${parts.filter(Boolean).join(', ')}`;
  return subjectLine(text, context);
}

/** A subject with its prefix: one line, no control characters, not too long. */
export function subjectLine(text: string, { prefix }: Pick<MessageContext, 'prefix'>): string {
  return cleanText(`${prefix} ${text}`, longestSubject) ?? 'pstrace';
}

function standing({ as, heard }: OutgoingItem): string {
  const lasted = (heard.endedAt ?? heard.detectedAt) - heard.startedAt;
  if (as === 'recovered') return `recovered after ${duration(lasted)}`;
  if (as === 'accepted') return 'normal now';
  return as === 'update' ? `${heard.severity} (update)` : heard.severity;
}

/** The incident in one sentence. */
export function headlineOf({ as, heard }: OutgoingItem, data: MessageData): string {
  const { length } = heard.tests;
  const tests = length > 1 ? ` on ${testsText(heard, data)}` : '';
  const cause = causeText(heard, data);
  const begun = `${classesText(heard, data)}${tests}${cause === '' ? '' : `: ${cause}`}`;
  const since = `since ${utcTime(heard.startedAt)}`;
  if (as === 'accepted') return `This is taken as normal from now on: ${begun}, ${since}.`;
  if (as === 'recovered') {
    const lasted = duration((heard.endedAt ?? heard.detectedAt) - heard.startedAt);
    return `Recovered after ${lasted}: ${begun}, from ${utcTime(heard.startedAt)}.`;
  }
  const effect = effectInShort(heard, data);
  const sentence = `${begun}${effect === '' ? '' : `, ${effect}`}, ${since}.`;
  return sentenceCase(sentence);
}

/** What happened, worst first: `unreachable`, or with the number of changes each `unreachable (1), AS path changed (4)`. */
export function classesText(heard: Heard, data: MessageData): string {
  const counts = new Map<string, number>();
  const changes = changesOf(heard, data).toSorted(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
  );
  for (const change of changes) {
    const words = whatText(change);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()].join('');
  const named = [...counts].slice(0, mostClasses).map(([words, count]) => `${words} (${count})`);
  return [...named, ...(counts.size > mostClasses ? ['and more'] : [])].join(', ');
}

/** What happened, in words: `AS path changed`, `policy broken (must_avoid)`. */
export function whatText({ class: kind, policy }: Change): string {
  return policy === undefined ? classWords[kind] : `${classWords[kind]} (${policy.rule})`;
}

/** The figure of the only change, or the median shift of several; '' where less than half of them have one. */
function effectInShort(heard: Heard, data: MessageData): string {
  const changes = changesOf(heard, data);
  const [only] = changes;
  if (only !== undefined && changes.length === 1) return verdictInShort(only);
  const shifts = changes.flatMap(({ verdict }) => verdict.shiftMs ?? []).toSorted((a, b) => a - b);
  const middle = shifts[(shifts.length - 1) >> 1];
  if (middle === undefined || 2 * shifts.length < changes.length) return '';
  return `${signedMs(middle)} median`;
}

/** `worse for 25, no measurable effect for 2`. */
export function judgementsText(changes: readonly Change[]): string {
  const order: readonly Judgement[] = ['worse', 'same', 'better', 'unknown'];
  const parts = order.flatMap((judgement) => {
    const count = changes.filter(({ verdict }) => verdict.judgement === judgement).length;
    return count === 0 ? [] : [`${judgementWords[judgement]} for ${count}`];
  });
  return parts.join(', ');
}
