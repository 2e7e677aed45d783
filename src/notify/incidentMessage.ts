import { duration } from '../lib/duration.ts';
import { type Change, severities } from '../model/change.ts';
import { causeText, changesOf, hostsText, suspectedEnd, testsText, testText } from './cause.ts';
import { changeBlock, exemplary } from './changeBlock.ts';
import { utcTime } from './format.ts';
import { headlineOf, judgementsText, subjectOf, whatText } from './headline.ts';
import { changePath, pageUrl, testPath } from './links.ts';
import type { Fact, Link, ListLine, Message } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import type { Heard, OutgoingItem } from './planInput.ts';
import { verdictInShort } from './verdictText.ts';

const mostBlocks = 2;
const mostLines = 20;

/** The message about one incident, for one recipient. */
export function incidentMessage(
  item: OutgoingItem,
  data: MessageData,
  context: MessageContext,
): Omit<Message, 'footer'> {
  const { heard, as } = item;
  const changes = changesOf(heard, data);
  const isOver = as === 'recovered' || as === 'accepted';
  const shown = isOver ? [] : exemplary(changes, mostBlocks);
  const listed = changes.filter((change) => !shown.includes(change)).toSorted(byGravity);
  return {
    kind: as,
    severity: heard.severity,
    subject: subjectOf(item, data, context),
    headline: headlineOf(item, data),
    facts: factsOf(item, changes, data, context),
    blocks: shown.map((change) => changeBlock(change, data, context)),
    lines: listed.slice(0, mostLines).map((change) => lineOf(change, heard, data, context)),
    more: Math.max(0, listed.length - mostLines),
    links: linksOf(heard, isOver, context),
  };
}

function byGravity(one: Change, other: Change): number {
  return severities.indexOf(one.severity) - severities.indexOf(other.severity);
}

function factsOf(
  { heard, as }: OutgoingItem,
  changes: readonly Change[],
  data: MessageData,
  { now }: MessageContext,
): Fact[] {
  const { incident, code, tests, members, severity, endedAt } = heard;
  const isOver = as === 'recovered' || as === 'accepted';
  const cause = causeText(heard, data);
  const facts: Fact[] = [{ label: 'Severity', text: severity }];
  if (as === 'recovered' && endedAt !== null) {
    facts.push({ label: 'From', text: utcTime(heard.startedAt) });
    facts.push({
      label: 'To',
      text: `${utcTime(endedAt)} (${duration(endedAt - heard.startedAt)})`,
    });
  } else {
    const lasting = duration(now - heard.startedAt);
    facts.push({ label: 'Since', text: `${utcTime(heard.startedAt)} (${lasting} ago)` });
  }
  if (incident.suspect.kind !== 'unknown') {
    const end = suspectedEnd(incident.suspect, data.tests.values());
    const host = end?.displayName === undefined ? '' : ` (${end.name})`;
    facts.push({ label: 'Suspected', text: `${cause}${host}` });
  }
  const only = isOver && tests.length === 1 ? data.tests.get(tests[0] ?? '') : undefined;
  const hosts = only === undefined ? '' : hostsText(only);
  if (hosts !== '') facts.push({ label: 'Hosts', text: hosts });
  const spared = incident.unaffected.length;
  if (tests.length + spared > 1)
    facts.push({ label: 'Tests', text: sparedText(testsText(heard, data), spared) });
  const ended = members.filter(({ closedAt }) => closedAt !== null).length;
  if (ended > 0 && ended < members.length) {
    facts.push({ label: 'Ended', text: `${ended} of ${members.length} changes` });
  }
  if (changes.length > 1) facts.push({ label: 'Effect', text: judgementsText(changes) });
  if (heard.ending === null) {
    facts.push({ label: 'Incident', text: `${code} ("pstrace ack ${code}" ends the updates)` });
  }
  return facts;
}

function sparedText(changed: string, spared: number): string {
  return spared === 0 ? changed : `${changed}; ${spared} more pass the same way and did not change`;
}

function lineOf(
  change: Change,
  { members, ending, endedAt }: Heard,
  { tests }: MessageData,
  context: MessageContext,
): ListLine {
  const test = tests.get(change.testId);
  const closedAt = members.find(({ changeId }) => changeId === change.id)?.closedAt ?? null;
  const parts = [
    test === undefined ? change.testId : testText(test),
    `${whatText(change)}${figureText(change)}`,
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
  const figure = verdictInShort(change);
  return figure === '' ? '' : ` ${figure}`;
}

/** When a change ended, unless that is when all of it ended. */
function endText(closedAt: number | null, endedAt: number | null, isOver: boolean): string {
  if (closedAt === null) return isOver ? 'still lasts' : '';
  return closedAt === endedAt ? '' : `ended ${utcTime(closedAt)}`;
}

/** The incident; its only test where no change in full links to it. */
function linksOf({ incident, tests }: Heard, isOver: boolean, context: MessageContext): Link[] {
  const [only, ...others] = tests;
  const links: [label: string, url: string | null][] = [
    ['Incident', pageUrl(context, changePath(incident.id))],
  ];
  if (isOver && only !== undefined && others.length === 0)
    links.push(['Test', pageUrl(context, testPath(only))]);
  return links.flatMap(([label, url]) => (url === null ? [] : [{ label, url }]));
}
