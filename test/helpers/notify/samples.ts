import { unknownVerdict } from '../../../src/model/change/blankChange.ts';
import type { AlignedHop, Change, Verdict } from '../../../src/model/change/change.ts';
import type { Incident, IncidentMember } from '../../../src/model/incident/incident.ts';
import type { TestSummary } from '../../../src/model/site/analysis.ts';
import type { Test } from '../../../src/model/test/test.ts';
import type { Responder } from '../../../src/model/trace/trace.ts';
import type { MessageContext, MessageData } from '../../../src/notify/message/messageData.ts';
import { toLoggedMessage } from '../../../src/notify/routing/buildNotification.ts';
import { decideNotifications } from '../../../src/notify/routing/decideNotifications.ts';
import type {
  NotificationPlanInput,
  PlannedNotification,
} from '../../../src/notify/routing/notificationPlan.ts';
import type { Recipient } from '../../../src/notify/routing/recipient.ts';

/** 2026-11-20 10:00 UTC, a Friday. */
export const ten = Date.UTC(2026, 10, 20, 10) / 1000;
export const minute = 60;
export const hour = 3600;

/** A test between two hosts, `a` and `b`, which also number its addresses. */
export function testOf(source: string, destination: string, id = `${source}-${destination}`): Test {
  return {
    id,
    archive: 'ma.example.org/esmond/perfsonar/archive',
    key: id,
    tool: 'traceroute',
    source: { address: addressOf(source), name: `${source}.example.net` },
    destination: { address: addressOf(destination), name: `${destination}.example.net` },
    family: 4,
    intervalSeconds: 600,
    taskName: null,
    parameters: {},
  };
}

/** The present state of the test from `a` to `b`, with a value for every figure. */
export function summaryOf(parts: Partial<TestSummary> = {}): TestSummary {
  return {
    test: testOf('a', 'b'),
    state: 'ok',
    stateSince: null,
    stateReason: 'as usual',
    rttMs: 14.25,
    usualRttMs: 13,
    usualFrom: null,
    usualTo: null,
    lossPct: 1.5,
    hops: 9,
    pathMtu: null,
    asPath: [],
    reached: true,
    lastTraceAt: ten - 120,
    lastRouteChangeAt: null,
    variants: 1,
    traces: 144,
    route: [{ ttl: 1, addresses: ['198.51.100.77'], asn: null }],
    ...parts,
  };
}

function addressOf(host: string): string {
  return `192.0.2.${(host.codePointAt(0) ?? 0) - 96}`;
}

const slower: Verdict = {
  ...unknownVerdict,
  effect: 'worse',
  rttBeforeMs: 131.2,
  rttAfterMs: 145.4,
  shiftMs: 14.2,
  shiftCiMs: [12.1, 16.3],
  samplesBefore: 12,
  samplesAfter: 3,
  hopsBefore: 7,
  hopsAfter: 8,
};

const same = (address: string): AlignedHop => ({
  mark: 'same',
  before: [address],
  after: [address],
});

/** Equal and silent hops, one removed, one replaced, two added. */
export const rerouted: readonly AlignedHop[] = [
  same('198.51.100.1'),
  same('198.51.100.5'),
  { mark: 'silent', before: [], after: [] },
  same('198.51.100.9'),
  { mark: 'removed', before: ['203.0.113.1'], after: [] },
  { mark: 'replaced', before: ['203.0.113.5'], after: ['203.0.113.9'] },
  { mark: 'added', before: [], after: ['203.0.113.13'] },
  { mark: 'added', before: [], after: ['203.0.113.17'] },
  same('192.0.2.2'),
];

const responders: ReadonlyMap<string, Responder> = new Map(
  (
    [
      ['198.51.100.1', 'gw.a.example.net', 64500, 'Site A'],
      ['198.51.100.5', 'cr1.ams.example.net', 64501, 'Backbone'],
      ['198.51.100.9', 'cr2.ams.example.net', 64501, 'Backbone'],
      ['203.0.113.1', 'cr1.fra.example.net', 64501, 'Backbone'],
      ['203.0.113.5', 'edge.fra.example.net', 64501, 'Backbone'],
      ['203.0.113.9', null, 64505, 'Other Transit'],
      ['203.0.113.13', 'r2.transit.example', 64505, 'Other Transit'],
      ['192.0.2.2', 'b.example.net', 64510, 'Site B'],
    ] as const
  ).map(([address, hostname, asn, asName]) => [address, { address, hostname, asn, asName }]),
);

/** A change of the AS path with a worse RTT, detected 10 minutes after it occurred. */
export function changeOf(test: Test, at: number, parts: Partial<Change> = {}): Change {
  return {
    id: `${test.id}@${at}-${parts.class ?? 'inter_as'}`,
    testId: test.id,
    class: 'inter_as',
    severity: 'major',
    confidence: null,
    closes: [],
    detectedAt: at,
    onset: { after: at - 20 * minute, by: at - 10 * minute },
    fromAsPath: [64500, 64501, 64510],
    toAsPath: [64500, 64501, 64505, 64510],
    route: rerouted,
    evidence: {
      removed: ['cr1.fra.example.net', 'edge.fra.example.net'],
      added: ['203.0.113.9', 'r2.transit.example'],
      removedLinks: ['203.0.113.0/30'],
      asns: [64501, 64505],
      edge: ['cr2.ams.example.net', 'cr1.fra.example.net'],
    },
    prevalence: 0.987,
    usedSince: ten - 14 * 24 * hour,
    seenBeforeAt: null,
    verdict: slower,
    icmpError: null,
    ...parts,
  };
}

/** An incident of some changes; `closed`: when each of them ended, in the same order. */
export function incidentOf(
  changes: readonly Change[],
  parts: Partial<Incident> = {},
  closed: readonly (number | null)[] = [],
): Incident {
  const members = changes.map(
    (change, index): IncidentMember => ({
      changeId: change.id,
      testId: change.testId,
      class: change.class,
      severity: change.severity,
      detectedAt: change.detectedAt,
      after: change.onset.after ?? change.onset.by,
      by: change.onset.by,
      closedAt: closed[index] ?? null,
    }),
  );
  const ended = members.filter(({ closedAt }) => closedAt !== null);
  return {
    id: `incident-${changes[0]?.id}`,
    members,
    status: ended.length >= 0.8 * members.length ? 'recovered' : 'open',
    severity: changes[0]?.severity ?? 'info',
    from: changes[0]?.onset.by ?? 0,
    to:
      ended.length === members.length ? Math.max(...ended.map((each) => each.closedAt ?? 0)) : null,
    suspect: { kind: 'unknown', name: '' },
    tests: [...new Set(changes.map(({ testId }) => testId))],
    unaffectedTests: [],
    ...parts,
  };
}

/** A recipient of all alerts, without digest and quiet hours. */
export function recipientOf(parts: Partial<Recipient> = {}): Recipient {
  return {
    id: 'noc',
    name: 'noc',
    channel: 'email',
    groups: [],
    tests: [],
    classes: [],
    alertFrom: 'moderate',
    digestFrom: null,
    digestAt: 7 * 60,
    quiet: null,
    timeZone: 'UTC',
    perHour: 10,
    ...parts,
  };
}

/** The plan input for changes of these tests, with one recipient and an empty log. */
export function planInput(
  changes: readonly Change[],
  tests: readonly Test[],
  parts: Partial<NotificationPlanInput>,
): NotificationPlanInput {
  return {
    now: ten,
    recipients: [recipientOf()],
    groups: [],
    incidents: [],
    changes: new Map(changes.map((change) => [change.id, change])),
    tests: new Map(tests.map((test) => [test.id, test])),
    mergedIds: {},
    acceptedChanges: new Set(),
    acceptances: new Map(),
    watchedSince: new Map(tests.map((test) => [test.id, 0])),
    silences: [],
    acknowledgements: [],
    log: [],
    groupWaitSeconds: null,
    mailDomain: 'pstrace.example.org',
    secret: null,
    ...parts,
  };
}

/** Plans at several moments in order; each plan sees the log of the earlier ones. */
export function planThrough(steps: readonly NotificationPlanInput[]): PlannedNotification[][] {
  let log = steps[0]?.log ?? [];
  return steps.map((input) => {
    const outgoing = decideNotifications({ ...input, log });
    log = [...log, ...outgoing.map((one) => toLoggedMessage(one))];
    return outgoing;
  });
}

/** A plan in short: recipient, kind, number of incidents. */
export function inShort(outgoing: readonly PlannedNotification[]): string[] {
  return outgoing.map(({ recipient, kind, items }) => `${recipient.id} ${kind} ${items.length}`);
}

export const context: MessageContext = {
  baseUrl: 'https://pstrace.example.org/mesh/',
  title: 'Routes of the mesh',
  contact: 'noc@example.org',
  prefix: '[pstrace]',
  now: ten,
};

/** The data for messages about these changes. */
export function dataOf(
  changes: readonly Change[],
  tests: readonly Test[],
  parts: Partial<MessageData> = {},
): MessageData {
  return {
    changes: new Map(changes.map((change) => [change.id, change])),
    tests: new Map(tests.map((test) => [test.id, test])),
    respondersOf: () => responders,
    times: new Map(),
    ...parts,
  };
}
