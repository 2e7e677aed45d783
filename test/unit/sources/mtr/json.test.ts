import { expect, test } from 'vitest';
import { importText, soleRun, writtenAt } from '../../../helpers/importText.ts';

interface Hub {
  readonly count: number | string;
  readonly host: string;
  readonly [column: string]: number | string;
}

const gateway: Hub = {
  count: 1,
  host: 'gw.example.net (198.51.100.1)',
  ASN: 'AS64500',
  'Loss%': 0,
  Snt: 10,
  Last: 1.2,
  Avg: 1.1,
  Best: 1,
  Wrst: 1.4,
  StDev: 0.125,
};
const silent: Hub = {
  ...{ count: 2, host: '???', ASN: 'AS???', 'Loss%': 100, Snt: 10 },
  ...{ Last: 0, Avg: 0, Best: 0, Wrst: 0, StDev: 0 },
};
const target: Hub = {
  ...{ count: 3, host: '192.0.2.1', ASN: 'AS???', 'Loss%': 30, Snt: 10 },
  ...{ Last: 0, Avg: 9.8765, Best: 0, Wrst: 20, StDev: 3 },
};

function report(hubs: readonly Hub[], head: Readonly<Record<string, unknown>> = {}) {
  const mtr = { src: 'probe', dst: '192.0.2.1', tos: 0, tests: 10, psize: '64', ...head };
  return { report: { mtr, hubs } };
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 4)}\n`;

test('a run of mtr 0.94 and later is imported with its hosts, counts and spread', async () => {
  const run = soleRun(await importText(pretty(report([gateway, silent, target]))));
  expect(run.test).toMatchObject({
    archive: 'local',
    tool: 'mtr',
    family: 4,
    source: { address: null, name: 'probe' },
    destination: { address: '192.0.2.1', name: '192.0.2.1' },
    parameters: { 'ip-transport-protocol': 'icmp', 'ip-packet-size': '64' },
  });
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 192.0.2.1']);
  expect(run.trace.route.reached).toBe(true);
  expect(run.trace.probes).toEqual({
    sent: [10, 10, 10],
    received: [10, 7],
    spread: {
      avgMs: [1.1, 9.877],
      worstMs: [1.4, 20],
      stdevMs: [0.125, 3],
      jitterMs: [null, null],
    },
  });
  expect(run.responders.get('198.51.100.1')).toEqual({
    address: '198.51.100.1',
    hostname: 'gw.example.net',
    asn: 64500,
    asName: null,
  });
});

test('0.0 ms is a time of a responder, but not of a silent hop', async () => {
  const run = soleRun(await importText(pretty(report([gateway, silent, target]))));
  expect(run.trace.rttMs).toEqual([1, 0]);
});

test('a run that ends in silence did not reach its target', async () => {
  const run = soleRun(await importText(pretty(report([gateway, silent]))));
  expect(run.trace.route.reached).toBe(false);
  expect(run.hops).toEqual(['1 198.51.100.1']);
});

test('mtr 0.87 to 0.93 writes ttl and number of tests as text', async () => {
  const hubs = [
    { ...gateway, count: '1' },
    { ...target, count: '2', 'Loss%': 0 },
  ];
  const run = soleRun(await importText(pretty(report(hubs, { tests: '10', tos: '0x0' }))));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 192.0.2.1']);
});

test('without the column Snt, the number of tests counts; without Loss%, the replies', async () => {
  const columns = { count: 1, host: '192.0.2.1', Rcv: 4, Avg: 2, Last: 1.5, Javg: 0.3 };
  const run = soleRun(await importText(pretty(report([columns], { tests: 5 }))));
  expect(run.trace.probes).toMatchObject({ sent: [5], received: [4] });
  expect(run.trace.rttMs).toEqual([1.5]);
  // mtr's mean counts the first reply as a difference of 0.
  expect(run.trace.probes?.spread?.jitterMs).toEqual([0.4]);
});

test('without any count a run has times and no loss', async () => {
  const columns = { count: 1, host: '192.0.2.1', Best: 2 };
  const run = soleRun(await importText(pretty(report([columns], { tests: 5 }))));
  expect(run.trace.probes).toBeNull();
  expect(run.trace.rttMs).toEqual([2]);
});

test('one reply has no deviation, although mtr prints 0.0', async () => {
  const hub = { ...target, count: 1, Snt: 2, 'Loss%': 50, StDev: 0 };
  const run = soleRun(await importText(pretty(report([hub]))));
  expect(run.trace.probes?.spread?.stdevMs).toEqual([null]);
});

test('a route that starts at ttl 3 keeps its ttls', async () => {
  const hubs = [
    { ...gateway, count: 3 },
    { ...target, count: 4 },
  ];
  expect(soleRun(await importText(pretty(report(hubs)))).hops).toEqual([
    '3 198.51.100.1',
    '4 192.0.2.1',
  ]);
});

test('mtr up to 0.92 omits the bracket without hops: there were no replies', async () => {
  const text = `{
  "report": {
    "mtr": {
      "src": "probe",
      "dst": "192.0.2.1",
      "tos": "0x0",
      "psize": "64",
      "bitpattern": "0x00",
      "tests": "10"
    },
    "hubs": [  }
}
`;
  const { readings, problems } = await importText(text);
  expect(problems).toEqual([]);
  expect(readings[0]?.traces).toEqual([]);
  expect(readings[0]?.failures).toEqual([
    { at: writtenAt, error: 'no replies, not even from the first router' },
  ]);
});

test('old versions write names with unescaped quotes and backslashes, and numbers with a comma', async () => {
  const text = pretty(report([gateway, { ...target, count: 2 }]))
    .replace('gw.example.net', 'gw"{\\.example.net')
    .replace('"Loss%": 30', '"Loss%": 30,00')
    .replace('9.8765', '9,88');
  const run = soleRun(await importText(text));
  expect(run.trace.probes).toMatchObject({ received: [10, 7], spread: { avgMs: [1.1, 9.88] } });
  expect(run.responders.get('198.51.100.1')?.hostname).toBe('gw"{\\.example.net');
});

test.each([
  ['(no route to host)', 'host-unreachable'],
  ['(no route to network)', 'net-unreachable'],
  ['198.51.100.9 (no route to host)', 'host-unreachable'],
  ['edge.example.net (198.51.100.9) (host is down)', 'destination-host-unknown'],
])('mtr after 0.96 writes an ICMP error in place of a host: %s', async (host, error) => {
  const run = soleRun(await importText(pretty(report([gateway, { ...target, count: 2, host }]))));
  expect(run.trace.route.hops.at(-1)).toMatchObject({
    error,
    addresses: host.includes('198') ? ['198.51.100.9'] : [],
  });
  expect(run.trace.route.reached).toBe(false);
});

test('the first of a set of AS numbers counts, and other columns are not AS numbers', async () => {
  const hubs = [
    { ...gateway, ASN: 'AS64501 AS64502' },
    { ...target, count: 2, ASN: 'US' },
  ];
  const { responders } = soleRun(await importText(pretty(report(hubs))));
  expect([...responders.values()].map(({ asn }) => asn)).toEqual([64501, null]);
});

test.each([
  ['one after the other', (a: string, b: string) => a + b],
  ['one a line', (a: string, b: string) => `${compact(a)}\n${compact(b)}\n`],
  ['without line ends', (a: string, b: string) => compact(a) + compact(b)],
  ['in an array', (a: string, b: string) => `[\n${a},\n${b}]\n`],
  ['in an array in one line', (a: string, b: string) => `[${compact(a)},${compact(b)}]`],
])('two runs in one file, %s', async (_, join) => {
  const one = pretty(report([{ ...target, count: 1 }]));
  const other = pretty(report([{ ...target, count: 1, host: '192.0.2.2' }], { dst: '192.0.2.2' }));
  for (const chunkBytes of [1, 7, 65_536]) {
    const { readings, problems } = await importText(join(one, other), {}, { chunkBytes });
    expect(problems).toEqual([]);
    expect(readings.map((reading) => reading.test.destination.name)).toEqual([
      '192.0.2.1',
      '192.0.2.2',
    ]);
  }
});

function compact(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

test('an incomplete run is reported with its position, and the next one is imported', async () => {
  const whole = pretty(report([{ ...target, count: 1 }]));
  const half = whole.slice(0, whole.length / 2);
  const { readings, problems } = await importText(
    `${half}\n${whole}${half}`,
    {},
    { name: 'a.json' },
  );
  expect(readings).toHaveLength(1);
  expect(problems.map(({ message }) => message)).toEqual([
    'a.json:1 (byte 0) skipped: incomplete JSON document',
    `a.json:${lines(`${half}\n${whole}`)} (byte ${half.length + 1 + whole.length}) skipped: incomplete JSON document`,
  ]);
});

function lines(text: string): number {
  return text.split('\n').length;
}

test.each([
  ['other JSON', '{"a": 1}', 'JSON document of no known tool'],
  ['a ttl of 0', pretty(report([{ ...target, count: 0 }])), 'JSON document with an invalid hop'],
  [
    'a host that is no text',
    '{"report":{"hubs":[{"count":1}]}}',
    'JSON document with an invalid hop',
  ],
  ['broken JSON', '{"report": {"hubs": [1,]}}', 'invalid JSON document'],
])('%s is not a run', async (_, text, message) => {
  const { readings, problems } = await importText(text);
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain(message);
});

test('an endless document does not exhaust the memory, and the next one is imported', async () => {
  const endless = `{ "report": ${'{"a":"b"} '.repeat(900_000)}`;
  const { readings, problems } = await importText(
    `${endless}\n${pretty(report([{ ...target, count: 1 }]))}`,
  );
  expect(problems.map(({ message }) => message)).toEqual([
    'runs.txt:1 (byte 0) skipped: JSON document of more than 8 million characters',
  ]);
  expect(readings).toHaveLength(1);
});

test('hostile names are cleaned and are not part of the id', async () => {
  const hub = { ...gateway, host: '<script>\u202e\u0000x</script> (198.51.100.1)' };
  const run = soleRun(
    await importText(pretty(report([hub, { ...target, count: 2 }], { src: '../../etc\n<b>' }))),
  );
  expect(run.responders.get('198.51.100.1')?.hostname).toBe('<script> x</script>');
  expect(run.test.source.name).toBe('../../etc <b>');
  expect(run.test.id).toMatch(/^unknown_192\.0\.2\.1_mtr_[0-9a-f]{12}$/);
});

test('a name longer than a DNS label is ordinary text, with the usual limit', async () => {
  const named = (label: string) => ({ ...gateway, host: `${label}.example.net (198.51.100.1)` });
  for (const [length, kept] of [
    [243, 255],
    [255, 255],
    [1000, 255],
  ] as const) {
    const hubs = [named('a'.repeat(length)), { ...target, count: 2 }];
    const run = soleRun(await importText(pretty(report(hubs))));
    expect(run.responders.get('198.51.100.1')?.hostname).toHaveLength(kept);
    expect(run.hops).toEqual(['1 198.51.100.1', '2 192.0.2.1']);
  }
});

test('a host without replies has no time, although mtr prints 0.0', async () => {
  const lost = { ...silent, count: 2, host: '198.51.100.7' };
  const run = soleRun(await importText(pretty(report([gateway, lost, target]))));
  expect(run.hops[1]).toBe('2 198.51.100.7');
  expect(run.trace.rttMs).toEqual([1, null, 0]);
  expect(run.trace.probes?.received).toEqual([10, 0, 7]);
});
