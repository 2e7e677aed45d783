import { describe, expect, test } from 'vitest';
import { unknownVerdict } from '../../../src/model/change/blankChange.ts';
import type { Change } from '../../../src/model/change/change.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
import { createMessage, createTestMessage } from '../../../src/notify/message/createMessage.ts';
import type { Message } from '../../../src/notify/message/message.ts';
import type { MessageData } from '../../../src/notify/message/messageData.ts';
import { renderPlainText } from '../../../src/notify/message/plainText.ts';
import { routeLines } from '../../../src/notify/message/routeLines.ts';
import { routeTimes } from '../../../src/notify/message/routeTimes.ts';
import type {
  NotificationItem,
  NotificationPlanInput,
} from '../../../src/notify/routing/notificationPlan.ts';
import {
  changeOf,
  context,
  dataOf,
  hour,
  incidentOf,
  minute,
  planInput,
  planThrough,
  recipientOf,
  rerouted,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';

const tests = [testOf('a', 'b'), testOf('a', 'c'), testOf('b', 'a')] as const;

/** The last message that plans at these moments give. */
function lastMessage(
  steps: readonly NotificationPlanInput[],
  data: MessageData,
  now = ten + hour,
): Message {
  const outgoing = planThrough(steps).flat().at(-1);
  if (outgoing === undefined) throw new Error('no message');
  return createMessage(outgoing, data, { ...context, now });
}

/** The alert about one change. */
function alertOf(change: Change, data: Partial<MessageData> = {}): Message {
  const incidents = [incidentOf([change])];
  const input = planInput([change], tests, { now: ten + hour, incidents });
  return lastMessage([input], dataOf([change], tests, data));
}

/** A trace over some addresses, each a millisecond farther than the one before. */
function traceOver(startedAt: number, addresses: readonly string[], extraMs = 0): Trace {
  const hops = addresses.map((address, index) => ({
    ttl: index + 1,
    addresses: [address],
    mtu: null,
    error: null,
  }));
  return {
    startedAt,
    route: { hops, reached: true, pathMtu: null },
    rttMs: hops.map(({ ttl }) => ttl + extraMs),
    probes: null,
  };
}

test('no line of the plain text is wider than 78 characters, but for links', () => {
  const [test_] = tests;
  const named = changeOf(test_, ten);
  const long = (address: string) => ({
    address,
    hostname: `et-0-0-5.102.rtsw2.equinix-chicago.net.internet2.example`,
    asn: 64500,
    asName: 'A network with a very long name',
  });
  const addresses = named.route.flatMap(({ before, after }) => [...before, ...after]);
  const responders = new Map(addresses.map((each) => [each, long(each)]));
  const message = alertOf(named, { respondersOf: () => responders });
  const lines = renderPlainText(message).split('\n');
  expect(lines.filter((line) => line.includes('AS64500 A network')).length).toBeGreaterThan(3);
  expect(lines.filter((line) => line.length > 78 && !line.includes('https://'))).toEqual([]);
});

test('the plain text of an alert has class, place, time, severity, reasons and both routes', () => {
  const change = changeOf(tests[0], ten);
  const old = [
    '198.51.100.1',
    '198.51.100.5',
    '198.51.100.7',
    '198.51.100.9',
    '203.0.113.1',
    '203.0.113.5',
    '192.0.2.2',
  ];
  const fresh = [
    '198.51.100.1',
    '198.51.100.5',
    '198.51.100.7',
    '198.51.100.9',
    '203.0.113.9',
    '203.0.113.13',
    '203.0.113.17',
    '192.0.2.2',
  ];
  const traces = [
    traceOver(ten - 20 * minute, old),
    traceOver(ten - 10 * minute, fresh, 0.5),
    traceOver(ten, fresh, 0.5),
  ];
  const message = alertOf(change, {
    times: new Map([[change.id, routeTimes(change, traces)]]),
  });
  expect(renderPlainText(message)).toBe(`\
AS path changed: a.example.net → b.example.net, +14.2 ms, since 2026-11-20
09:50 UTC.

  Severity  major
  Since     2026-11-20 09:50 UTC (1 h 10 min ago)
  Incident  3b2f8b8c ("pstrace ack 3b2f8b8c" mutes further updates)

a.example.net → b.example.net (IPv4, traceroute)
  192.0.2.1 → 192.0.2.2
  AS path changed, major
  Worse: RTT +14.2 ms (median 131 → 145 ms, confidence interval +12.1 ms to
  +16.3 ms, 12 samples before and 3 after); hops 7 → 8
  Before: AS64500 → AS64501 → AS64510
  After:  AS64500 → AS64501 → AS64505 → AS64510
  Occurred between 2026-11-20 09:40 and 09:50 UTC; confirmed at 2026-11-20
  10:00 UTC. 99% of this test's traces took the old route, first seen at
  2026-11-06 10:00 UTC. The routes diverge after cr2.ams.example.net;
  cr1.fra.example.net is no longer used. The new route has not been seen
  before.

       ...  3 hops unchanged
      4  cr2.ams.example.net (198.51.100.9)  AS64501 Backbone       4.5 ms
  -   5  cr1.fra.example.net (203.0.113.1)   AS64501 Backbone       5.0 ms
  ~   6  edge.fra.example.net (203.0.113.5)  AS64501 Backbone       6.0 ms
   >  5  203.0.113.9                         AS64505 Other Transit  5.5 ms
  +   6  r2.transit.example (203.0.113.13)   AS64505 Other Transit  6.5 ms
  +   7  203.0.113.17                                               7.5 ms
      8  b.example.net (192.0.2.2)           AS64510 Site B         8.5 ms

  Change: https://pstrace.example.org/mesh/changes.html#a-b%401795168800-inter_as
  Test: https://pstrace.example.org/mesh/tests/a-b/index.html
  AS path: https://pstrace.example.org/mesh/routes/a-b/1795168200.svg

Incident: https://pstrace.example.org/mesh/changes.html#incident-a-b%401795168800-inter_as

-- 
pstrace, Routes of the mesh. Sent to noc: moderate and worse immediately. To
change or stop these messages, ask noc@example.org.
`);
});

describe('the subject', () => {
  const link = { suspect: { kind: 'link', name: '203.0.113.0/30' } } as const;
  const changes = tests.map((each) => changeOf(each, ten));
  const steps = (closed: readonly number[] = []) => {
    const incidents = [incidentOf(changes, link, closed)];
    const before = planInput(changes, tests, {
      now: ten + hour,
      incidents: [incidentOf(changes, link)],
    });
    return closed.length === 0 ? [before] : [before, { ...before, now: ten + 3 * hour, incidents }];
  };
  const subject = (closed: readonly number[] = []) =>
    lastMessage(steps(closed), dataOf(changes, tests)).subject;

  test('of an alert has severity, class, suspect, effect and number of tests', () => {
    expect(subject()).toBe(
      '[pstrace] major: AS path changed, link cr2.ams.example.net – cr1.fra.example.net (AS64501), +14.2 ms median, 3 tests',
    );
  });

  test('of a recovery has the duration', () => {
    const end = ten + 2 * hour;
    expect(subject([end, end, end])).toMatch(
      /^\[pstrace\] recovered after 2 h 10 min: AS path changed/,
    );
  });

  test('of a later message keeps that of the first one, with the news at its end', () => {
    const end = ten + 2 * hour;
    const data = dataOf(changes, tests);
    const [planned] = planThrough(steps([end, end, end]))
      .flat()
      .slice(-1);
    if (planned === undefined) throw new Error('no message');
    const first = '[pstrace] major: AS path changed, 3 tests';
    const later = { ...planned, threadSubject: first };
    expect(createMessage(later, data, context).subject).toBe(
      `Re: ${first} (recovered after 2 h 10 min)`,
    );
    const [item] = planned.items;
    if (item === undefined) throw new Error('no incident');
    const as = (more: Partial<NotificationItem>) => {
      const items = [{ ...item, kind: 'update' as const, ...more }];
      return createMessage({ ...later, kind: 'update', items }, data, {
        ...context,
        now: item.view.startedAt + 7 * 24 * hour,
      });
    };
    expect(as({}).subject).toBe(`Re: ${first} (update: major, +14.2 ms median, 3 tests)`);
    const reminder = as({ isReminder: true });
    expect(reminder.subject).toBe(`Re: ${first} (still open after 7 d)`);
    expect(reminder.headline).toMatch(/^Nothing new, still open: AS path changed/);
  });

  test('names a dead host', () => {
    const change = changeOf(tests[0], ten, { class: 'unreachable', severity: 'critical' });
    const suspect = { kind: 'host', name: 'b.example.net' } as const;
    const input = planInput([change], tests, {
      now: ten + hour,
      incidents: [incidentOf([change], { suspect })],
    });
    expect(lastMessage([input], dataOf([change], tests)).subject).toMatch(
      /^\[pstrace\] critical: unreachable, host b\.example\.net/,
    );
  });

  test('names only the pair where one test cannot tell what is dead; the mail says so', () => {
    const change = changeOf(tests[0], ten, { class: 'unreachable', severity: 'critical' });
    const input = planInput([change], tests, {
      now: ten + hour,
      incidents: [incidentOf([change])],
    });
    const message = lastMessage([input], dataOf([change], tests));
    expect(message.subject).toBe('[pstrace] critical: unreachable, a.example.net → b.example.net');
    const suspect = { label: 'Suspect', text: 'not enough tests to know' };
    expect(message.facts).toContainEqual(suspect);
  });

  test('names the pair in both directions where its tests measure both', () => {
    const [there] = tests;
    const back = { ...there, id: 'back', source: there.destination, destination: there.source };
    const pair = [there, back];
    const bothChanged = pair.map((each) => changeOf(each, ten));
    const incidents = [incidentOf(bothChanged)];
    const input = planInput(bothChanged, pair, { now: ten + hour, incidents });
    expect(lastMessage([input], dataOf(bothChanged, pair)).subject).toContain(
      ', a.example.net ↔ b.example.net, ',
    );
  });

  test('has the display name of a dead host; the mail has its host name too', () => {
    const renamed = { ...tests[0], destination: { ...tests[0].destination, displayName: 'Hill' } };
    const change = changeOf(renamed, ten, { class: 'unreachable', severity: 'critical' });
    const suspect = { kind: 'destination', name: 'b.example.net' } as const;
    const incidents = [incidentOf([change], { suspect })];
    const input = planInput([change], [renamed], { now: ten + hour, incidents });
    const message = lastMessage([input], dataOf([change], [renamed]));
    expect(message.subject).toContain('unreachable, destination Hill');
    const text = 'destination Hill (b.example.net)';
    expect(message.facts).toContainEqual({ label: 'Suspect', text });
  });

  test('counts the classes when an incident has several', () => {
    const outage = changeOf(tests[2], ten, { class: 'unreachable', severity: 'critical' });
    const mixed = [...changes.slice(0, 2), outage];
    const input = planInput(mixed, tests, {
      now: ten + hour,
      incidents: [incidentOf(mixed, link)],
    });
    expect(lastMessage([input], dataOf(mixed, tests)).subject).toContain(
      'unreachable (1), AS path changed (2)',
    );
  });
});

test('an incident starts with the first change of its tests, not with a later one', () => {
  const times = [ten, ten + 4 * hour, ten + 5 * hour];
  const changes = times.map((at) => changeOf(tests[0], at));
  const input = planInput(changes, tests, {
    now: ten + 6 * hour,
    incidents: [incidentOf(changes, { id: 'i', from: ten + 4 * hour })],
  });
  expect(lastMessage([input], dataOf(changes, tests)).headline).toMatch(
    /since 2026-11-20 09:50 UTC\.$/,
  );
});

test('a router that replies from another address than its known one is shown with the address seen', () => {
  const change = changeOf(tests[0], ten);
  const [first] = change.route;
  if (first === undefined) throw new Error('no route');
  const known = { ...first, ttls: [1, 1] as const };
  const added = change.route.filter(({ mark }) => mark === 'added').slice(0, 1);
  const seen = { ...change, route: [known, ...added] };
  const traces = [
    traceOver(ten - 20 * minute, ['198.51.100.1']),
    traceOver(ten, ['198.51.100.77']),
  ];
  const [line] = routeLines(seen, {
    ...dataOf([seen], tests),
    times: new Map([[seen.id, routeTimes(seen, traces)]]),
  });
  expect(line?.before).toMatchObject({ address: '198.51.100.1', rtt: '1.0 ms' });
  expect(line?.after).toMatchObject({ name: '198.51.100.77', rtt: '1.0 ms' });
});

test('a routing loop is one line, whatever the number of rounds', () => {
  const added = (address: string) => ({ mark: 'added', before: [], after: [address] }) as const;
  const round = [added('203.0.113.9'), added('203.0.113.13')];
  const [block] = alertOf(
    changeOf(tests[0], ten, { route: [...rerouted.slice(0, 5), ...round, ...round, ...round] }),
  ).blocks;
  const lines = block?.route.map(({ mark, fold }) => fold || mark) ?? [];
  expect(lines.slice(-4)).toEqual(['-', '+', '+', '4 more hops in a loop']);
});

test('a reminder tells which changes were accepted, and takes none of them for ended', () => {
  const pair = [testOf('a', 'b', 't0'), testOf('a', 'b', 't1')];
  const changes = pair.map((each) => changeOf(each, ten));
  const [first, ...rest] = incidentOf(changes, { id: 'i' }, [ten + hour, null]).members;
  const members = first === undefined ? [] : [{ ...first, accepted: true }, ...rest];
  const day = 24 * hour;
  const acceptance = { changeId: changes[0]?.id ?? '', at: ten + hour, by: 'ann', note: 'moved' };
  const step = (now: number) =>
    planInput(changes, pair, {
      now,
      incidents: [{ ...incidentOf(changes, { id: 'i' }, [null, null]), members }],
      acceptances: new Map([[acceptance.changeId, acceptance]]),
    });
  const message = lastMessage(
    [step(ten + 2 * hour), step(ten + 2 * day)],
    dataOf(changes, pair),
    ten,
  );
  const facts = new Map(message.facts.map(({ label, text }) => [label, text]));
  expect(message.kind).toBe('update');
  expect(facts.get('Accepted')).toMatch(/^1 of 2 changes, on .* by ann: moved$/);
  expect(facts.has('Ended')).toBe(false);
});

test('the message about an end has the duration and the changes still open', () => {
  const many = Array.from({ length: 5 }, (_, index) => testOf('a', 'b', `t${index}`));
  const changes = many.map((each) => changeOf(each, ten));
  const end = ten + 2 * hour;
  const step = (at: number, closed: readonly (number | null)[]) =>
    planInput(changes, many, { now: at, incidents: [incidentOf(changes, { id: 'i' }, closed)] });
  const steps = [step(ten + hour, []), step(end, [end, end, end, end, null])];
  const message = lastMessage(steps, dataOf(changes, many), end);
  expect(message.headline).toMatch(/^Recovered after 2 h 10 min: /);
  expect(message.facts).toContainEqual({ label: 'Ended', text: '4 of 5 changes' });
  expect(message.lines.map(({ text }) => text.split(', ').at(-1))).toEqual([
    ...Array.from({ length: 4 }, () => 'AS path changed +14.2 ms'),
    'still open',
  ]);
});

describe('the reasons of a change', () => {
  const why = (parts: Partial<Change>) => {
    const [block] = alertOf(changeOf(tests[0], ten, { severity: 'major', ...parts })).blocks;
    return `${block?.verdict} | ${block?.why.slice(1).join(' ')}`;
  };

  test('of an outage: where the route ends and the ICMP error', () => {
    const verdict = {
      ...unknownVerdict,
      effect: 'worse',
      lossBeforePct: 0.4,
      lossAfterPct: 100,
    } as const;
    expect(
      why({ class: 'unreachable', prevalence: null, icmpError: 'host-unreachable', verdict }),
    ).toBe(
      'Worse: loss 0.4% → 100% | The route ends at cr2.ams.example.net; cr1.fra.example.net no longer replies. A router reports host-unreachable.',
    );
  });

  test('of an RTT shift: the medians', () => {
    expect(why({ class: 'rtt_shift', route: [] })).toContain(
      'The median RTT went from 131 ms to 145 ms over the same route.',
    );
  });

  test('of loss: the shares', () => {
    const verdict = {
      ...unknownVerdict,
      effect: 'worse',
      lossBeforePct: 0,
      lossAfterPct: 33.3,
    } as const;
    expect(why({ class: 'loss', route: [], verdict })).toBe(
      'Worse: loss 0% → 33% | 33% of the traces do not reach the destination; usually 0%.',
    );
  });

  test('of an MTU drop: the sizes', () => {
    const verdict = {
      ...unknownVerdict,
      effect: 'worse',
      mtuBefore: 9000,
      mtuAfter: 1500,
    } as const;
    expect(why({ class: 'mtu_drop', route: [], verdict })).toBe(
      'Worse: MTU 9000 → 1500 bytes | The path MTU fell from 9000 to 1500 bytes over the same route.',
    );
  });

  test('of a policy violation: the rule, the expectation and the finding', () => {
    const policy = { rule: 'must_avoid', expected: 'not AS64511', found: 'AS64511 at hop 5' };
    expect(why({ class: 'policy', policy })).toBe(
      ' | Policy must_avoid: expected not AS64511, found AS64511 at hop 5.',
    );
  });

  test('of a known route: when it was last seen', () => {
    expect(why({ prevalence: null, seenBeforeAt: ten - 24 * hour })).toContain(
      'The new route was last seen at 2026-11-19 10:00 UTC.',
    );
  });
});

describe('the confidence in a change', () => {
  const sure = (parts: Partial<Change>) =>
    alertOf(changeOf(tests[0], ten, { severity: 'major', ...parts })).blocks[0]?.why.at(-1);

  test('counts the tests that show the same', () => {
    const grading = { company: ['b', 'c'], reasons: [['company', 1] as const] };
    expect(sure({ confidence: 0.964, grading })).toBe('96% sure: 2 other tests show the same.');
    const one = { ...grading, company: ['b'] };
    expect(sure({ confidence: 0.9, grading: one })).toBe(
      '90% sure: one other test shows the same.',
    );
  });

  test('says why a change is unsure', () => {
    const reasons = [['interior', -4] as const, ['repeat', -4] as const];
    expect(sure({ confidence: 0.12, grading: { company: [], reasons } })).toBe(
      'Unsure, 12%: other tests through this AS do not show it; this test changed in the same AS shortly before.',
    );
  });

  test('is not mentioned where it is unknown', () => {
    expect(sure({ confidence: null })).not.toMatch(/sure/);
  });
});

describe('a message about many tests', () => {
  const many = Array.from({ length: 40 }, (_, index) => testOf('a', 'b', `t${index}`));
  const changes = many.map((each, index) => changeOf(each, ten + index));
  const incidents = [incidentOf(changes, { id: 'i' })];
  const message = lastMessage(
    [planInput(changes, many, { now: ten + hour, incidents })],
    dataOf(changes, many),
  );

  test('shows the common change once, lists some changes and counts the rest', () => {
    expect([message.blocks.length, message.lines.length, message.more]).toEqual([1, 20, 19]);
  });

  test('names family and tool of each test, and the common family if the other is unaffected', () => {
    expect(message.lines[0]?.text).toMatch(
      /^a\.example\.net → b\.example\.net \(IPv4, traceroute\), /,
    );
    expect(message.subject).toMatch(/, 40 tests$/);
    const spared = { ...testOf('a', 'b', 'six'), family: 6 as const };
    const input = planInput(changes, [...many, spared], { now: ten + hour, incidents });
    expect(lastMessage([input], dataOf(changes, [...many, spared])).subject).toMatch(
      /, 40 IPv4 tests$/,
    );
  });

  test('counts the tests that are worse', () => {
    expect(message.facts).toContainEqual({ label: 'Effect', text: 'worse for 40' });
  });
});

test('without a base URL there are no links', () => {
  const change = changeOf(tests[0], ten);
  const input = planInput([change], tests, { now: ten + hour, incidents: [incidentOf([change])] });
  const [outgoing] = planThrough([input]).flat();
  if (outgoing === undefined) throw new Error('no message');
  const message = createMessage(outgoing, dataOf([change], tests), { ...context, baseUrl: null });
  expect([message.links, message.blocks[0]?.links]).toEqual([[], []]);
});

test('a digest lists its incidents with their times, worst first', () => {
  const minor = changeOf(tests[0], ten, { severity: 'minor', class: 'intra_as' });
  const info = changeOf(tests[1], ten, { severity: 'info', class: 'same_site' });
  const input = planInput([minor, info], tests, {
    now: ten + 24 * hour,
    recipients: [recipientOf({ digestFrom: 'info' })],
    incidents: [incidentOf([info]), incidentOf([minor], {}, [ten + hour])],
  });
  const { subject, headline, lines } = lastMessage([input], dataOf([minor, info], tests));
  expect(subject).toBe('[pstrace] digest: 1 minor, 1 info');
  expect(lines.map(({ text }) => text)).toEqual([
    'a.example.net → b.example.net, route changed inside an AS, 2026-11-20 09:50 to 11:00 UTC',
    'a.example.net → c.example.net, route changed inside a site, since 2026-11-20 09:50 UTC (1 h 10 min)',
  ]);
  expect(headline).toBe('1 incident still open, 1 over without an alert: 1 minor, 1 info.');
});

test('a test alert says so', () => {
  expect(renderPlainText(createTestMessage(recipientOf(), context))).toContain(
    'This is a test alert, requested at 2026-11-20',
  );
});

describe('hostile names', () => {
  const evil = 'b\r\nBcc: victim@example.org\r\n\r\n<img src=x onerror=alert(1)>\u202egnp.exe';
  const named = { ...tests[0], destination: { address: null, name: evil } };
  const change = changeOf(named, ten);
  const input = planInput([change], [named], {
    now: ten + hour,
    incidents: [incidentOf([change])],
  });
  const message = lastMessage([input], dataOf([change], [named]));

  test('cannot break a line of subject or text', () => {
    expect(message.subject).not.toMatch(/[\r\n\u202e]/);
    expect(renderPlainText(message)).not.toMatch(/^\s*Bcc:|[\r\u202e]/m);
  });
});
