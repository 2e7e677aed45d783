import { type Change, severities } from '../../model/change.ts';
import { formatDuration, utcTime } from '../../model/format.ts';
import { changePath, testPath } from '../../model/sitePaths.ts';
import { hostsText, testText } from '../../model/testText.ts';
import { shortVerdict } from '../../model/verdictText.ts';
import type { NotificationItem, RecipientView } from '../routing/notificationPlan.ts';
import { changeBlock, selectRepresentative } from './changeBlock.ts';
import { changeClassText, headlineOf, judgementsText, subjectOf } from './headline.ts';
import { pageUrl } from './links.ts';
import type { ListLine, Message, MessageFact, MessageLink } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { changesOf, suspectedEnd, suspectText, testsText } from './suspectText.ts';

const maxBlocks = 2;
const maxLines = 20;

/** The message about one incident, for one recipient. */
export function incidentMessage(
  item: NotificationItem,
  data: MessageData,
  context: MessageContext,
): Omit<Message, 'footer'> {
  const { view, kind } = item;
  const changes = changesOf(view, data);
  const isOver = kind === 'recovered' || kind === 'accepted';
  const shown = isOver ? [] : selectRepresentative(changes, maxBlocks);
  const listed = changes.filter((change) => !shown.includes(change)).toSorted(bySeverity);
  return {
    kind: kind,
    severity: view.severity,
    subject: subjectOf(item, data, context),
    headline: headlineOf(item, data),
    facts: factsOf(item, changes, data, context),
    blocks: shown.map((change) => changeBlock(change, data, context)),
    lines: listed.slice(0, maxLines).map((change) => lineOf(change, view, data, context)),
    more: Math.max(0, listed.length - maxLines),
    links: linksOf(view, isOver, context),
  };
}

function bySeverity(one: Change, other: Change): number {
  return severities.indexOf(one.severity) - severities.indexOf(other.severity);
}

function factsOf(
  { view, kind }: NotificationItem,
  changes: readonly Change[],
  data: MessageData,
  { now }: MessageContext,
): MessageFact[] {
  const { incident, code, tests, members, severity, endedAt } = view;
  const isOver = kind === 'recovered' || kind === 'accepted';
  const suspect = suspectText(view, data);
  const facts: MessageFact[] = [{ label: 'Severity', text: severity }];
  if (kind === 'recovered' && endedAt !== null) {
    facts.push({ label: 'From', text: utcTime(view.startedAt) });
    facts.push({
      label: 'To',
      text: `${utcTime(endedAt)} (${formatDuration(endedAt - view.startedAt)})`,
    });
  } else {
    const age = formatDuration(now - view.startedAt);
    facts.push({ label: 'Since', text: `${utcTime(view.startedAt)} (${age} ago)` });
  }
  if (incident.suspect.kind !== 'unknown') {
    const end = suspectedEnd(incident.suspect, data.tests.values());
    const host = end?.displayName === undefined ? '' : ` (${end.name})`;
    facts.push({ label: 'Suspected', text: `${suspect}${host}` });
  }
  const only = isOver && tests.length === 1 ? data.tests.get(tests[0] ?? '') : undefined;
  const hosts = only === undefined ? '' : hostsText(only);
  if (hosts !== '') facts.push({ label: 'Hosts', text: hosts });
  const unaffectedCount = incident.unaffectedTests.length;
  if (tests.length + unaffectedCount > 1)
    facts.push({ label: 'Tests', text: unaffectedText(testsText(view, data), unaffectedCount) });
  const endedCount = members.filter(({ closedAt }) => closedAt !== null).length;
  if (endedCount > 0 && endedCount < members.length) {
    facts.push({ label: 'Ended', text: `${endedCount} of ${members.length} changes` });
  }
  if (changes.length > 1) facts.push({ label: 'Effect', text: judgementsText(changes) });
  if (view.ending === null) {
    facts.push({ label: 'Incident', text: `${code} ("pstrace ack ${code}" ends the updates)` });
  }
  return facts;
}

function unaffectedText(changedText: string, unaffectedCount: number): string {
  return unaffectedCount === 0
    ? changedText
    : `${changedText}; ${unaffectedCount} more pass the same way and did not change`;
}

function lineOf(
  change: Change,
  { members, ending, endedAt }: RecipientView,
  { tests }: MessageData,
  context: MessageContext,
): ListLine {
  const test = tests.get(change.testId);
  const closedAt = members.find(({ changeId }) => changeId === change.id)?.closedAt ?? null;
  const parts = [
    test === undefined ? change.testId : testText(test),
    `${changeClassText(change)}${figureText(change)}`,
    endText(closedAt, endedAt, ending !== null),
  ];
  return {
    severity: change.severity,
    text: parts.filter(Boolean).join(', '),
    url: pageUrl(context, changePath(change.id)),
  };
}

/** What a change did in figures, or what a policy expected; '' for neither. */
function figureText(change: Change): string {
  const { policy } = change;
  if (policy !== undefined) return `: expected ${policy.expected}, found ${policy.found}`;
  const figure = shortVerdict(change);
  return figure === '' ? '' : ` ${figure}`;
}

/** When a change ended, unless that is when all of it ended. */
function endText(closedAt: number | null, endedAt: number | null, isOver: boolean): string {
  if (closedAt === null) return isOver ? 'still lasts' : '';
  return closedAt === endedAt ? '' : `ended ${utcTime(closedAt)}`;
}

/** The incident; its only test where no change in full links to it. */
function linksOf(
  { incident, tests }: RecipientView,
  isOver: boolean,
  context: MessageContext,
): MessageLink[] {
  const [only, ...others] = tests;
  const links: [label: string, url: string | null][] = [
    ['Incident', pageUrl(context, changePath(incident.id))],
  ];
  if (isOver && only !== undefined && others.length === 0)
    links.push(['Test', pageUrl(context, testPath(only))]);
  return links.flatMap(([label, url]) => (url === null ? [] : [{ label, url }]));
}
