import { expect, test } from 'vitest';
import { parseTargets } from '../../../../src/sources/targets/loadTargets.ts';

const parse = (source: string) => parseTargets(source, 'hosts');
const messages = (source: string) => parse(source).faults.map(({ message }) => message);

test('one host per line, with comments and blank lines', () => {
  const { targets, faults } = parse(
    '\ufeff# routers\n192.0.2.1\r\n\n  www.example.net # web\n[2001:db8::1]\n',
  );
  expect(faults).toEqual([]);
  expect(targets.map(({ host }) => host)).toEqual(['192.0.2.1', 'www.example.net', '2001:db8::1']);
  expect(targets[0]?.monitor).toMatchObject({ tracePauseSeconds: 300, pingPauseSeconds: null });
});

test('a line of connvitals-monitor is valid unchanged', () => {
  const { targets, faults } = parse(
    'host.example.net ping=500 trace=30000 hops=40 numpings=10 payload=41 scan=60000 json=1 timestamp=1\n',
  );
  expect(faults).toEqual([]);
  expect(targets[0]).toMatchObject({
    ...{ host: 'host.example.net', maxTtl: 40, packets: 1, graceSeconds: 1 },
    monitor: {
      ...{ pingPauseSeconds: 0.5, tracePauseSeconds: 30, scanPauseSeconds: 60 },
      ...{ pings: 10, payloadBytes: 41, json: true, timestamp: true },
      ...{ pingIntervalSeconds: 0.002, scanPorts: [80, 443, 3306] },
    },
  });
});

test('options of connvitals-monitor have any case and order, and its defaults', () => {
  const { targets } = parse(
    'HOST1 TRACE=.5 Json=False\thops=3\nhost2 ping=0 scan=100.5 timestamp=TRUE json=+2\nhost3\n',
  );
  expect(targets[0]).toMatchObject({
    host: 'host1',
    maxTtl: 3,
    monitor: {
      ...{ tracePauseSeconds: 0.0005, pingPauseSeconds: 0.5, scanPauseSeconds: null },
      ...{ json: false, timestamp: true },
    },
  });
  expect(targets[1]?.monitor).toMatchObject({
    ...{ tracePauseSeconds: null, pingPauseSeconds: null, scanPauseSeconds: 0.1005, json: true },
  });
  // In a file with options, a line without any has the defaults of connvitals-monitor.
  expect(targets[2]?.monitor).toMatchObject({ tracePauseSeconds: null, pingPauseSeconds: 0.5 });
});

test.each([
  ['host ping=500 PING=500', 'the option ping appears twice'],
  ['host pings=5', 'unknown option "pings=5"; the options are ping, trace,'],
  ['host now', 'unknown option "now"'],
  ['host hops=0', 'hops: expected a whole number from 1 to 255, found "0"'],
  ['host ping=-1', 'ping: expected milliseconds, or 0 for never, found "-1"'],
  ['host json=yes', 'json: expected true, false, 1 or 0, found "yes"'],
  ['host __proto__=1', 'unknown option "__proto__=1"'],
  ['-f/etc/passwd', 'a host cannot start with "-"'],
  ['a;rm', 'expected a host name or an address, found "a;rm"'],
  ['192.0.2.256', 'expected a host name or an address, found "192.0.2.256"'],
])('%j is refused with its line: %s', (line, message) => {
  expect(messages(`good.example.net\n${line}\n`)).toEqual([
    expect.stringContaining(`hosts:2: ${message}`),
  ]);
});

test('one bad line of 10,000 is reported', () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `host-${index}.example.net`);
  lines[9000] = '-x';
  const { targets, faults } = parse(lines.join('\n'));
  expect(targets).toHaveLength(9999);
  expect(faults.map(({ message }) => message)).toEqual([expect.stringMatching(/^hosts:9001: /)]);
});
