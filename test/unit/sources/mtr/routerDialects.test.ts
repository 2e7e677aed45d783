import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const rows = ` 1  198.51.100.1 (198.51.100.1)  0.676 ms  0.763 ms  0.910 ms
 2  203.0.113.9 (203.0.113.9)  1.100 ms  1.200 ms  1.300 ms
`;
const plain = ['1 198.51.100.1', '2 203.0.113.9'];

test.each([
  ['IOS', 'Type escape sequence to abort.\nTracing the route to 203.0.113.9\n\n', 'traceroute'],
  [
    'IOS, a name',
    'Tracing the route to ps.example.org (203.0.113.9)\nVRF info: (vrf in name/id, vrf out name/id)\n',
    'traceroute',
  ],
  ['SR OS', 'traceroute to 203.0.113.9, 30 hops max, 40 byte packets\n', 'traceroute'],
  [
    'Huawei',
    ' traceroute to  203.0.113.9(203.0.113.9), max hops: 30 ,packet length: 40,press CTRL_C to break \n',
    'traceroute',
  ],
  [
    'HP',
    'traceroute to 203.0.113.9(203.0.113.9), 30 hops at most, 40 bytes each packet, press CTRL_C to break\n',
    'traceroute',
  ],
  [
    'tcptraceroute',
    'Selected device eth0, address 192.0.2.1, port 54321 for outgoing packets\n' +
      'Tracing the path to 203.0.113.9 on TCP port 80 (http), 30 hops max\n',
    'traceroute',
  ],
  ['scamper', 'traceroute from 192.0.2.1 to 203.0.113.9\n', 'scamper'],
  [
    'paris-traceroute',
    'traceroute [(192.0.2.1:33456) -> (203.0.113.9:33457)], protocol udp, algo hopbyhop, duration 3 s\n',
    'paris-traceroute',
  ],
  [
    'libparistraceroute',
    'paris-traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 30 bytes packets\n',
    'paris-traceroute',
  ],
])('%s', async (_, heading, tool) => {
  const imported = await importText(heading + rows);
  expect(imported.problems).toEqual([]);
  const run = soleRun(imported);
  expect(run.hops).toEqual(plain);
  expect(run.test.tool).toBe(tool);
  expect(run.test.destination.address).toBe('203.0.113.9');
  expect(run.trace.route.reached).toBe(true);
});

test('headings have the source, the length and the protocol of the probes', async () => {
  const from = 'paris-traceroute has it in brackets';
  const paris =
    'traceroute [(192.0.2.1:33456) -> (203.0.113.9:1)], protocol icmp, algo hopbyhop, duration 3 s\n';
  const run = soleRun(await importText(paris + rows));
  expect(run.test.source.name, from).toBe('192.0.2.1');
  expect(run.test.parameters).toMatchObject({ 'ip-transport-protocol': 'icmp' });
  const huawei = 'traceroute to 203.0.113.9(203.0.113.9), max hops: 30 ,packet length: 40,press\n';
  const { test } = soleRun(await importText(huawei + rows));
  expect(test.parameters).toMatchObject({ 'ip-packet-size': '40' });
});

test('IOS: a mark without a time is a reply', async () => {
  const text = `Tracing the route to 203.0.113.9

  1 r1.example.net (198.51.100.1) [AS 64500] [MPLS: Label 16 Exp 0] 4 msec
    198.51.100.2 [AS 64501] 4 msec 8 msec
  2 198.51.100.3 !A  *  !A
`;
  const { trace, hops } = soleRun(await importText(text));
  expect(hops).toEqual(['1 198.51.100.1/198.51.100.2', '2 198.51.100.3']);
  expect(trace.probes).toMatchObject({ sent: [3, 3], received: [1, 2, 2] });
  expect(trace.rttMs).toEqual([4, 4, null]);
  expect(trace.route.hops[1]?.error).toBe('communication-administratively-prohibited');
  expect(trace.route.reached).toBe(false);
});

test('SR OS writes 0.0.0.0 for a silent ttl, and labels in two lines', async () => {
  const text = `traceroute to 203.0.113.9, 30 hops max, 40 byte packets
  1  198.51.100.1 (198.51.100.1)    0.676 ms  0.763 ms  0.910 ms
       returned MPLS Label Stack Object
         entry  1:  MPLS Label =  24001, Exp =   0, TTL =   1, S =   1
  2  0.0.0.0  * * *
  3  203.0.113.9 (203.0.113.9)    1.1 ms  1.2 ms  1.3 ms
`;
  const imported = await importText(text);
  expect(imported.problems).toEqual([]);
  expect(soleRun(imported).hops).toEqual(['1 198.51.100.1', '2 *', '3 203.0.113.9']);
});

test('paris-traceroute marks an unusual ttl, which is no error', async () => {
  const heading =
    'traceroute [(192.0.2.1:1) -> (203.0.113.9:2)], protocol udp, algo hopbyhop, duration 3 s\n';
  const run = soleRun(await importText(heading + rows.replace(/1\.\d00 ms/g, '$& !T2')));
  expect(run.trace.route).toMatchObject({ reached: true, hops: [{}, { error: null }] });
});

test('scamper writes the MTU of a hop in brackets', async () => {
  const text = `traceroute from 192.0.2.1 to 203.0.113.9
 1  198.51.100.1  0.676 ms  [mtu: 9000]
 2  203.0.113.9  1.100 ms  [mtu: 1500]
`;
  const { route } = soleRun(await importText(text)).trace;
  expect(route.hops.map(({ mtu }) => mtu)).toEqual([9000, 1500]);
  expect(route.pathMtu).toBe(1500);
});

test('a route of several flows of paris-traceroute is refused, not read in part', async () => {
  const heading =
    'traceroute [(192.0.2.1:1) -> (203.0.113.9:2)], protocol udp, algo exhaustive, duration 3 s\n';
  const { readings, problems } = await importText(heading + rows);
  expect(readings).toEqual([]);
  expect(problems.every(({ remedy }) => remedy !== null)).toBe(true);
});

test.each([
  ['hello\n', 'docs/formats.md'],
  ['{"some": 1}\n', 'docs/formats.md'],
  ['{"fw": 5080, "msm_id": 1, "prb_id": 2, "type": "ping", "result": []}\n', 'docs/formats.md'],
  [`traceroute to 203.0.113.9 (203.0.113.9), 30 hops max\n 1  198.51.100.1  1.0\n`, 'stopped'],
  ['x 0 33000\nh 0 198.51.100.1\np 0 500 33000\nmtr: error\np 0 500 33001\n', '2>/dev/null'],
  ['x 0 1\nh 0 198.51.100.1\np 0 5 1\nx 0 2\nh 0 198.51.100.1\np 0 5 2\n', 'its own command'],
])('a refusal of %j has a remedy', async (text, remedy) => {
  const { problems } = await importText(text, { destination: '203.0.113.9' });
  expect(problems.map((problem) => problem.remedy).join()).toContain(remedy);
});
