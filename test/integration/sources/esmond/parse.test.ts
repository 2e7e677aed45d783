import { expect, test } from 'vitest';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
import { parseFailures, parseTraces } from '../../../../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../../../../src/sources/esmond/resultFaults.ts';
import type { TraceContext } from '../../../../src/sources/esmond/traceCollector.ts';
import { hop, trace } from '../../../helpers/fakeArchive.ts';

const context: TraceContext = {
  destination: { address: '203.0.113.9', name: 'ps-b.example.org' },
  firstTtl: 1,
  lastTtl: 30,
  interval: { from: 1_700_000_000, to: 1_700_086_399 },
};
const at = 1_700_000_600;

function parse(answer: readonly unknown[], changes: Partial<TraceContext> = {}) {
  const faults = createResultFaults();
  const parsed = parseTraces(answer, { ...context, ...changes }, faults);
  return { ...parsed, problems: faults.problems('a-test') };
}

/** The only trace of hop records. */
function one(val: unknown, changes: Partial<TraceContext> = {}) {
  const { traces, responders, problems } = parse([{ ts: at, val }], changes);
  expect(problems).toEqual([]);
  const [only] = traces;
  if (only === undefined) throw new Error('no trace');
  return { ...only, responders };
}

const path = (val: unknown, changes: Partial<TraceContext> = {}) =>
  one(val, changes).route.hops.map(({ ttl, addresses }) => `${ttl} ${addresses.join('|') || '*'}`);

test('a pScheduler trace with a silent hop, an ICMP error and binary noise in its times', () => {
  const parsed = one([
    {
      ttl: 1,
      query: 1,
      success: 1,
      ip: '192.0.2.1',
      rtt: 0,
      as: { number: 64500, owner: 'EXAMPLE-A, ZZ' },
    },
    { ttl: 2, query: 1, success: 1 },
    {
      ttl: 3,
      query: 1,
      success: 0,
      'error-message': 'host-unreachable',
      ip: '198.51.100.3',
      rtt: 22.3,
    },
    {
      ttl: 4,
      query: 1,
      success: 1,
      ip: '203.0.113.9',
      hostname: 'PS-B.Example.org.',
      rtt: 23.599999999999998,
    },
  ]);
  expect(parsed).toMatchObject({ startedAt: at, rttMs: [0, 22.3, 23.6], probes: null });
  expect(parsed.route).toEqual({
    reached: true,
    pathMtu: null,
    hops: [
      { ttl: 1, addresses: ['192.0.2.1'], mtu: null, error: null },
      { ttl: 2, addresses: [], mtu: null, error: null },
      { ttl: 3, addresses: ['198.51.100.3'], mtu: null, error: 'host-unreachable' },
      { ttl: 4, addresses: ['203.0.113.9'], mtu: null, error: null },
    ],
  });
  expect([...parsed.responders.values()]).toEqual([
    { address: '192.0.2.1', hostname: null, asn: 64500, asName: 'EXAMPLE-A, ZZ' },
    { address: '198.51.100.3', hostname: null, asn: null, asName: null },
    { address: '203.0.113.9', hostname: 'ps-b.example.org', asn: null, asName: null },
  ]);
});

test('bwctl sends several probes per hop, numbers as text, and an error without its sender', () => {
  const b = (
    ttl: string,
    query: string,
    ip: string | null,
    rtt: string | null,
    error: string | null = null,
  ) => ({
    ttl,
    query,
    ip,
    rtt,
    mtu: null,
    success: error === null ? 1 : 0,
    error_message: error,
  });
  const { route, rttMs, probes } = one([
    b('1', '1', '192.0.2.1', '0.412'),
    b('1', '2', '192.0.2.1', '0.398'),
    b('1', '3', '192.0.2.129', '0.401'),
    b('3', '1', null, null, 'requestTimedOut'),
    b('3', '2', null, null, 'requestTimedOut'),
    b('4', '1', null, null, 'noRouteToTarget'),
    b('5', '1', null, null, 'requestTimedOut'),
  ]);
  expect(route.hops).toEqual([
    { ttl: 1, addresses: ['192.0.2.1', '192.0.2.129'], mtu: null, error: null },
    { ttl: 2, addresses: [], mtu: null, error: null },
    { ttl: 3, addresses: [], mtu: null, error: null },
    { ttl: 4, addresses: [], mtu: null, error: 'net-unreachable' },
  ]);
  expect(rttMs).toEqual([0.398, 0.401]);
  expect(probes).toEqual({ sent: [3, 0, 2, 1], received: [2, 1] });
  expect(route.reached).toBe(false);
});

test('an unreached trace ends at its last reply, an empty or silent one is an empty route', () => {
  expect(path([hop(1, '192.0.2.1'), hop(2), hop(3), hop(4)])).toEqual(['1 192.0.2.1']);
  expect(path([])).toEqual([]);
  expect(path([hop(1), hop(2)])).toEqual([]);
  expect(one([hop(1)]).rttMs).toEqual([]);
});

test('silent hops before the destination remain; this module does not judge them', () => {
  expect(path([hop(1, '192.0.2.1'), hop(2), hop(3, '203.0.113.9')])).toEqual([
    '1 192.0.2.1',
    '2 *',
    '3 203.0.113.9',
  ]);
});

test('with a first ttl, pScheduler numbers the hops from 1 and bwctl does not', () => {
  expect(path([hop(1, '192.0.2.1'), hop(2, '203.0.113.9')], { firstTtl: 3 })).toEqual([
    '3 192.0.2.1',
    '4 203.0.113.9',
  ]);
  expect(path([hop(3, '192.0.2.1'), hop(4, '203.0.113.9')], { firstTtl: 3 })).toEqual([
    '3 192.0.2.1',
    '4 203.0.113.9',
  ]);
  expect(path([hop(2, '192.0.2.1')])).toEqual(['1 *', '2 192.0.2.1']);
});

test('several flows are merged into the addresses of each ttl', () => {
  const { route, rttMs, probes } = one([
    [hop(1, '192.0.2.1', 2), hop(2, '198.51.100.2'), hop(3, '203.0.113.9')],
    [hop(1, '192.0.2.1', 1), hop(2, '198.51.100.3'), hop(3), hop(4)],
  ]);
  expect(route.hops.map(({ addresses }) => addresses)).toEqual([
    ['192.0.2.1'],
    ['198.51.100.2', '198.51.100.3'],
    ['203.0.113.9'],
  ]);
  expect(rttMs).toEqual([1, 2, 2, 3]);
  expect(probes).toEqual({ sent: [2, 2, 2], received: [2, 1, 1, 1] });
  expect(route.reached).toBe(true);
});

test('a single flow is an ordinary trace', () => {
  expect(one([[hop(1, '203.0.113.9')]])).toMatchObject({ probes: null, rttMs: [1] });
});

test.each([
  [{ number: 64500, owner: 'EXAMPLE-A, ZZ' }, 64500, 'EXAMPLE-A, ZZ'],
  [{ number: '64500' }, 64500, null],
  [{ number: 64500, owner: null }, 64500, null],
  [64500, 64500, null],
  ['AS64500', 64500, null],
  ['as 64500 EXAMPLE-A', 64500, 'EXAMPLE-A'],
  ['64500', 64500, null],
  [{ owner: 'NOBODY' }, null, null],
  [0, null, null],
  [4294967296, null, null],
  ['AS???', null, null],
  [null, null, null],
  [[], null, null],
])('the AS %j is parsed as %j %j', (as, asn, asName) => {
  const { responders } = one([{ ...hop(1, '192.0.2.1'), as }]);
  expect(responders.get('192.0.2.1')).toMatchObject({ asn, asName });
});

test('the last good names and AS numbers count', () => {
  const as = { number: 64500, owner: 'EXAMPLE-A' };
  const { responders } = parse([
    { ts: at, val: [{ ...hop(1, '192.0.2.1'), as, hostname: 'old.example.net' }] },
    { ts: at + 1, val: [{ ...hop(1, '192.0.2.1'), as: 64500, hostname: 'new.example.net' }] },
    { ts: at + 2, val: [{ ...hop(1, '192.0.2.1'), hostname: '_gateway' }] },
    { ts: at + 3, val: [hop(1, '192.0.2.1')] },
  ]);
  expect(responders.get('192.0.2.1')).toEqual({
    address: '192.0.2.1',
    hostname: 'new.example.net',
    asn: 64500,
    asName: 'EXAMPLE-A',
  });
});

test.each(['gateway', '_gateway', 'localhost', '192.0.2.1', '2001:DB8::1', '', '.', null, 7, {}])(
  '%j is not the name of a router',
  (hostname) => {
    const { responders } = one([{ ...hop(1, '192.0.2.1'), hostname }]);
    expect(responders.get('192.0.2.1')?.hostname).toBeNull();
  },
);

test.each([
  [0, 0],
  ['0.246', 0.246],
  [1.23456, 1.235],
  [null, null],
  ['', null],
  ['*', null],
  [-1, null],
  ['P0D', null],
  [1e300, null],
  [[], null],
])('the round-trip time %j is parsed as %j', (rtt, rttMs) => {
  expect(one([{ ...hop(1, '192.0.2.1'), rtt }]).rttMs).toEqual([rttMs]);
});

test('only the address shows a reply, regardless of success', () => {
  expect(
    path([
      { ttl: 1, success: 0, ip: '192.0.2.1' },
      { ttl: 2, success: 1, ip: '' },
      { ttl: 3, ip: 'x' },
    ]),
  ).toEqual(['1 192.0.2.1']);
  expect(
    path([
      { ttl: 1, ip: '2001:DB8:0::1' },
      { ttl: 2, ip: '::ffff:192.0.2.1' },
    ]),
  ).toEqual(['1 2001:db8::1', '2 192.0.2.1']);
});

test('the path MTU is the smallest of tracepath', () => {
  const val = [
    { ...hop(1, '192.0.2.1'), mtu: '9000' },
    { ...hop(2), mtu: 1500.0 },
    { ...hop(3, '203.0.113.9'), mtu: 'x' },
    { ...hop(4), mtu: 1400 },
  ];
  const { route } = one(val);
  expect(route.pathMtu).toBe(1400);
  expect(route.hops.map(({ mtu }) => mtu)).toEqual([9000, 1500, null]);
});

test('the destination is reached if it replied last and without an error', () => {
  const last = (changes: object, destination = context.destination) =>
    one([hop(1, '192.0.2.1'), { ...hop(2, '203.0.113.9'), ...changes }], { destination }).route
      .reached;
  expect(last({})).toBe(true);
  expect(last({ 'error-message': 'host-unreachable' })).toBe(false);
  expect(last({ ip: '198.51.100.1' })).toBe(false);
  expect(last({ ip: undefined })).toBe(false);
});

test('a destination resolved to the other family or not at all is recognized by its name', () => {
  const last = (hostname: string, address: string | null) =>
    one([{ ...hop(1, '203.0.113.9'), hostname }, hop(2)], {
      destination: { address, name: 'ps-b.example.org' },
    }).route.reached;
  expect(last('PS-B.example.org.', null)).toBe(true);
  expect(last('ps-b.example.org', '2001:db8::9')).toBe(true);
  expect(last('router.example.org', null)).toBe(false);
  expect(last('ps-b.example.org', '203.0.113.77')).toBe(false);
});

test('a destination of the other family or without an address is where the output ends', () => {
  const ends = (address: string | null, ...more: object[]) =>
    one([hop(1, '192.0.2.1'), hop(2, '203.0.113.9'), ...more], {
      destination: { address, name: 'ps-b.example.org' },
      lastTtl: 4,
    }).route.reached;
  expect(ends('2001:db8::9')).toBe(true);
  expect(ends(null)).toBe(true);
  expect(ends(null, { ...hop(3, '203.0.113.9'), 'error-message': 'host-unreachable' })).toBe(false);
  expect(ends('2001:db8::9', hop(3), hop(4))).toBe(false);
  expect(ends('2001:db8::9', hop(3, '192.0.2.1'), hop(4, '203.0.113.9'))).toBe(false);
  expect(ends('203.0.113.77')).toBe(false);
});

test('traces share a route only if it is equal', () => {
  const { traces } = parse([
    trace(at, '192.0.2.1', '203.0.113.9'),
    trace(at + 1, '192.0.2.1', '', '203.0.113.9'),
    trace(at + 2, '192.0.2.1', '203.0.113.9'),
    { ts: at + 3, val: [{ ...hop(1, '192.0.2.1'), mtu: 1500 }, hop(2, '203.0.113.9')] },
  ]);
  const routes = traces.map(({ route }) => route);
  expect(routes[2]).toBe(routes[0]);
  expect(new Set(routes).size).toBe(3);
});

test('no value of a trace affects the next one', () => {
  const { traces } = parse([
    { ts: at, val: [{ ...hop(1, '192.0.2.1'), mtu: 1500, 'error-message': 'net-unreachable' }] },
    { ts: at + 1, val: [hop(1, '192.0.2.1')] },
    { ts: at + 2, val: [{ ...hop(1, '192.0.2.1'), mtu: 1500 }, hop(2, '203.0.113.9')] },
    { ts: at + 3, val: [hop(1, '192.0.2.1'), { ...hop(2, '203.0.113.9'), mtu: 1500 }] },
  ]);
  const hops = traces.map(({ route }) => route.hops.map(({ mtu, error }) => `${mtu} ${error}`));
  expect(hops).toEqual([
    ['1500 net-unreachable'],
    ['null null'],
    ['1500 null', 'null null'],
    ['null null', '1500 null'],
  ]);
});

test('repeated and disordered results come out in order, the most complete of each second', () => {
  const { traces, problems } = parse([
    trace(at + 600, '192.0.2.1', '203.0.113.9'),
    trace(at, '192.0.2.1'),
    trace(at, '192.0.2.1', '203.0.113.9'),
    trace(at, '192.0.2.1', '198.51.100.1'),
  ]);
  expect(traces.map(({ startedAt }) => startedAt)).toEqual([at, at + 600]);
  expect(traces[0]?.route.reached).toBe(true);
  expect(problems).toEqual([]);
});

test('different first hops in one second reveal two hosts under one key', () => {
  const { problems } = parse([trace(at, '192.0.2.1'), trace(at, '192.0.2.77')]);
  expect(problems[0]?.message).toMatch(/two hosts under one key.*: 1, the first of 2023/);
});

test('results from before and after the requested interval are ignored and reported', () => {
  const { traces, problems } = parse([
    trace(at, '192.0.2.1'),
    trace(context.interval.to + 1, '192.0.2.1'),
    trace(4_000_000_000, '192.0.2.1'),
    trace(context.interval.from - 1, '192.0.2.1'),
  ]);
  expect(traces).toHaveLength(1);
  expect(problems.map(({ message }) => message)).toEqual([
    'Ignored results from after the requested interval: 2, the first of 2023-11-15T22:13:20Z.',
    'Ignored results from before the requested interval: 1, the first of 2023-11-14T22:13:19Z.',
  ]);
});

test('invalid results are one problem with their number, and cost no other', () => {
  const damaged = [
    null,
    'text',
    {},
    { ts: 'soon', val: [] },
    { ts: 1.5, val: [] },
    { ts: at + 1, val: null },
    { ts: at + 2, val: { error: 'x' } },
    { ts: at + 3, val: [null] },
    { ts: at + 4, val: [{ ip: '192.0.2.1' }] },
    { ts: at + 5, val: [hop(0, '192.0.2.1')] },
    { ts: at + 6, val: [hop(256, '192.0.2.1')] },
    { ts: at + 7, val: [[hop(1)], 'x'] },
    { ts: at + 8, val: [hop(1), [hop(1)]] },
    { ts: at + 9, val: [[hop(1)], null] },
  ];
  const good = trace(at, '192.0.2.1', '203.0.113.9');
  const { traces, problems } = parse([...damaged, good]);
  expect(traces.map(({ startedAt }) => startedAt)).toEqual([at]);
  expect(traces[0]?.route.hops).toHaveLength(2);
  expect(problems).toEqual([
    {
      kind: 'invalid-response',
      subject: 'a-test',
      message: `Ignored invalid results: ${damaged.length}, the first with an invalid time.`,
      remedy: null,
    },
  ]);
});

const hostile = `<img src=x onerror=alert(1)>\u0000\r\n\u202e../../${'x'.repeat(10_000)}`;

test('hostile text in every field of a hop remains text: one short line, or nothing', () => {
  const fields = [
    'query',
    'success',
    'ip',
    'rtt',
    'mtu',
    'hostname',
    'as',
    'error-message',
    'error_message',
  ];
  for (const field of fields) {
    const { route, rttMs, responders } = one([{ ...hop(1, '192.0.2.1'), [field]: hostile }]);
    const texts = JSON.stringify([route, rttMs, [...responders.values()]]);
    expect(texts.length, field).toBeLessThan(800);
    expect(texts, field).not.toMatch(/\\u0000|\\r|\\n|\u202e/);
  }
  const { responders } = one([{ ...hop(1, '192.0.2.1'), as: { number: 64500, owner: hostile } }]);
  expect(responders.get('192.0.2.1')?.asName).toMatch(/^<img src=x onerror=alert\(1\)> .{200,}…$/);
});

test('a trace of a million records is not a trace', () => {
  const { problems } = parse([
    { ts: at, val: Array.from({ length: 5000 }, () => hop(1, '192.0.2.1')) },
  ]);
  expect(problems).toHaveLength(1);
});

test('names of Object.prototype are ordinary errors and addresses', () => {
  expect(
    one([{ ...hop(1, 'constructor'), 'error-message': 'toString' }]).route.hops[0],
  ).toMatchObject({
    addresses: [],
    error: 'unknown-error',
  });
});

test('failed runs have their reason, in any shape', () => {
  const faults = createResultFaults();
  const failures = parseFailures(
    [
      { ts: at + 5, val: { error: 'Unable to\nresolve ps-b' } },
      { ts: at, val: 'no such tool' },
      { ts: at + 9, val: null },
      { ts: 4e9, val: { error: 'later' } },
    ],
    context.interval,
    faults,
  );
  expect(failures).toEqual([
    {
      at,
      error: 'the measuring host has no tool for the test',
      detail: new ForeignText('no such tool'),
    },
    {
      at: at + 5,
      error: 'the name cannot be resolved',
      detail: new ForeignText('Unable to\nresolve ps-b'),
    },
    { at: at + 9, error: 'no reason given', detail: null },
  ]);
  expect(faults.problems('a-test')).toHaveLength(1);
});

test('the zone of a link-local address is not part of it', () => {
  const parsed = one([hop(1, 'fe80::7%eth0', 0.5), hop(2, '203.0.113.9', 2)]);
  expect(parsed.route.hops[0]?.addresses).toEqual(['fe80::7']);
  expect(parsed.rttMs).toEqual([0.5, 2]);
});
