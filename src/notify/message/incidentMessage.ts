import { isEndKind } from '../../model/alerting/outbox.ts';
import { acceptanceDetails } from '../../model/change/acceptance.ts';
import { type Change, type ChangeClass, compareSeverity } from '../../model/change/change.ts';
import { shortVerdict } from '../../model/change/verdictText.ts';
import type { IncidentMember } from '../../model/incident/incident.ts';
import { suspectedEndpoint, suspectText } from '../../model/incident/suspectText.ts';
import { changePath, testPath } from '../../model/site/sitePaths.ts';
import { hostsText, testText } from '../../model/test/testText.ts';
import { formatDuration, pluralize, utcTime } from '../../model/values/format.ts';
import type { NotificationItem, RecipientView } from '../routing/notificationPlan.ts';
import { changeBlock, selectRepresentative } from './changeBlock.ts';
import { changeClassText, effectsText, headlineOf, subjectOf } from './headline.ts';
import { pageUrl } from './links.ts';
import type { ListLine, Message, MessageFact, MessageLink } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { changesOf, suspectWithAs, testsOf, testsText } from './viewText.ts';

const maxBlocks = 2;
const maxLines = 20;

/** The message to a recipient about one incident. */
export function incidentMessage(
  item: NotificationItem,
  threadSubject: string | null,
  data: MessageData,
  context: MessageContext,
): Omit<Message, 'footer'> {
  const { view, kind } = item;
  const changes = changesOf(view, data);
  const isOver = isEndKind(kind);
  const shown = isOver ? [] : selectRepresentative(changes, maxBlocks);
  const listed = changes.filter((change) => !shown.includes(change)).toSorted(compareSeverity);
  return {
    kind,
    severity: view.severity,
    subject: subjectOf(item, threadSubject, data, context),
    headline: headlineOf(item, data),
    facts: factsOf(item, changes, data, context),
    blocks: shown.map((change) => changeBlock(change, data, context)),
    lines: listed.slice(0, maxLines).map((change) => lineOf(change, view, data, context)),
    more: Math.max(0, listed.length - maxLines),
    links: linksOf(view, isOver, context),
  };
}

function factsOf(
  { view, kind }: NotificationItem,
  changes: readonly Change[],
  data: MessageData,
  { now }: MessageContext,
): MessageFact[] {
  const { code, members, severity, ending, acceptance } = view;
  const accepted = members.filter((member) => member.accepted === true);
  const ended = members.filter((member) => member.closedAt !== null && !accepted.includes(member));
  const facts: [label: string, text: string][] = [
    ['Severity', severity],
    ...timeFacts(view, kind, now),
    [
      'Accepted',
      joinParts(partText(accepted, members), acceptance && acceptanceDetails(acceptance)),
    ],
    ['Suspect', suspectFact(view, data)],
    ['Hosts', isEndKind(kind) ? onlyHosts(view, data) : ''],
    ['Tests', testsFact(view, data)],
    ['Ended', partText(ended, members)],
    ['Effect', changes.length > 1 ? effectsText(changes) : ''],
    ['Incident', ending === null ? `${code} ("pstrace ack ${code}" mutes further updates)` : ''],
  ];
  return facts.flatMap(([label, text]) => (text === '' ? [] : [{ label, text }]));
}

/** `1 of 2 changes`; '' for none and for all. */
function partText(part: readonly IncidentMember[], all: readonly IncidentMember[]): string {
  const isPart = part.length > 0 && part.length < all.length;
  return isPart ? `${part.length} of ${all.length} changes` : '';
}

function joinParts(...parts: readonly (string | null)[]): string {
  return parts.filter(Boolean).join(', ');
}

function timeFacts(
  { startedAt, endedAt }: RecipientView,
  kind: NotificationItem['kind'],
  now: number,
): [label: string, text: string][] {
  const start = utcTime(startedAt);
  if (kind !== 'recovered' || endedAt === null)
    return [['Since', `${start} (${formatDuration(now - startedAt)} ago)`]];
  const duration = formatDuration(endedAt - startedAt);
  return [
    ['From', start],
    ['To', `${utcTime(endedAt)} (${duration})`],
  ];
}

/** Classes of changes in which something fell silent. */
const silentClasses: readonly ChangeClass[] = ['unreachable', 'vanished'];

/**
 * The suspect, with its host name if it has another display name. The tests of one pair may be too
 * few to show what fell silent.
 */
function suspectFact(view: RecipientView, data: MessageData): string {
  const { suspect } = view.incident;
  if (suspect.kind === 'unknown') {
    const isOnePair = suspectText(suspect, [], testsOf(view, data)) !== '';
    const isSilent = changesOf(view, data).some((change) => silentClasses.includes(change.class));
    return isOnePair && isSilent ? 'not enough tests to know' : '';
  }
  const end = suspectedEndpoint(suspect, testsOf(view, data));
  const host = end?.displayName === undefined ? '' : ` (${end.name})`;
  return `${suspectWithAs(view, data)}${host}`;
}

/** Host names and addresses of the only test; '' for several tests. */
function onlyHosts(view: RecipientView, data: MessageData): string {
  const [only] = testsOf(view, data);
  return only === undefined || view.tests.length > 1 ? '' : hostsText(only);
}

/** The number of tests, affected or not; '' for a single one. */
function testsFact(view: RecipientView, data: MessageData): string {
  const unaffectedCount = view.incident.unaffectedTests.length;
  if (unaffectedCount === 0) return view.tests.length > 1 ? testsText(view, data) : '';
  const others = pluralize(unaffectedCount, 'other test');
  const verb = unaffectedCount === 1 ? 'is' : 'are';
  return `${testsText(view, data)}; ${others} through the same element ${verb} unaffected`;
}

function lineOf(
  change: Change,
  { members, ending, endedAt }: RecipientView,
  { tests }: MessageData,
  context: MessageContext,
): ListLine {
  const test = tests.get(change.testId);
  const member = members.find(({ changeId }) => changeId === change.id);
  const parts = [
    test === undefined ? change.testId : testText(test),
    `${changeClassText(change)}${figureText(change)}`,
    endText(member, endedAt, ending !== null),
  ];
  return {
    severity: change.severity,
    text: parts.filter(Boolean).join(', '),
    url: pageUrl(context, changePath(change.id)),
  };
}

/** The figure of a change, or the expectation of a policy; '' for neither. */
function figureText(change: Change): string {
  const { policy } = change;
  if (policy !== undefined) return `: expected ${policy.expected}, found ${policy.found}`;
  const figure = shortVerdict(change);
  return figure === '' ? '' : ` ${figure}`;
}

/** When a change ended, unless the whole incident ended then. */
function endText(
  member: IncidentMember | undefined,
  endedAt: number | null,
  isOver: boolean,
): string {
  const closedAt = member?.closedAt ?? null;
  if (closedAt === null) return isOver ? 'still open' : '';
  if (closedAt === endedAt) return '';
  return `${member?.accepted === true ? 'accepted' : 'ended'} ${utcTime(closedAt)}`;
}

/** Links to the incident, and to its only test unless a change in full links to that. */
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
