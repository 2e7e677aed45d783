import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const head = `Start: 2026-11-20T22:14:17+0100
HOST: probe                       Loss%   Snt   Last   Avg  Best  Wrst StDev
`;
const gateway = '  1.|-- 198.51.100.1               0.0%     4    1.1   1.2   1.0   2.0   0.5\n';
const silent = '  2.|-- ???                       100.0     4    0.0   0.0   0.0   0.0   0.0\n';
const target = '  3.|-- 192.0.2.1                 25.0%     4    3.0   3.0   2.5   4.0   0.5\n';

test('a report has host, time and values; its last responder is the target', async () => {
  const run = soleRun(await importText(head + gateway + silent + target));
  expect(run.trace.startedAt).toBe(Date.parse('2026-11-20T21:14:17Z') / 1000);
  expect(run.test).toMatchObject({
    source: { name: 'probe' },
    destination: { address: '192.0.2.1', name: '192.0.2.1' },
  });
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 192.0.2.1']);
  expect(run.trace.probes).toMatchObject({
    sent: [4, 4, 4],
    received: [4, 3],
    spread: { avgMs: [1.2, 3], worstMs: [2, 4] },
  });
});

test('a report that ends in silence has no target; the name of the file may have it', async () => {
  const text = head + gateway + silent;
  const { readings, problems } = await importText(text);
  expect(readings).toEqual([]);
  expect(problems[0]).toMatchObject({
    message: expect.stringContaining('it names no target'),
    remedy: expect.stringContaining('SOURCE_DESTINATION_TIME'),
  });
  const named = soleRun(
    await importText(text, {}, { name: '/var/in/a_192.0.2.1_20261120T221417Z.txt' }),
  );
  expect(named.test.destination.address).toBe('192.0.2.1');
  expect(named.trace.route.reached).toBe(false);
});

test('the time of old versions is local time', async () => {
  const text = (head + target).replace(/Start: .*/, 'Start: Fri Nov 20 22:14:17 2026');
  const local = new Date(2026, 10, 20, 22, 14, 17).getTime() / 1000;
  expect(soleRun(await importText(text)).trace.startedAt).toBe(local);
});

test('a wide report has AS numbers, whole names and addresses', async () => {
  const text = `Start: 2026-11-20T22:14:17+0000
HOST: probe.example.net                              Loss%   Snt   Last   Avg  Best  Wrst StDev
  1. AS???    gw.example.net (198.51.100.1)          0.0%     4    0.1   0.1   0.1   0.3   0.1
  2. AS64500  left.core.example.net (198.51.100.2)   0.0%     4    0.1   0.1   0.1   0.1   0.0
        198.51.100.3
     AS64501  198.51.100.3
       [MPLS: Lbl 16001 TC 0 S 1 TTL 1]
  3. AS64502  target.example.net (192.0.2.1)         0.0%     4    0.1   0.1   0.1   0.1   0.0
`;
  const run = soleRun(await importText(text));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 198.51.100.2/198.51.100.3', '3 192.0.2.1']);
  expect(run.responders.get('198.51.100.2')).toMatchObject({
    hostname: 'left.core.example.net',
    asn: 64500,
  });
  expect(run.test.source.name).toBe('probe.example.net');
});

test('further hosts of a hop have their own lines, in old versions after the lines of a tree', async () => {
  const text = `${head}${gateway}        198.51.100.2                     \n    |  \`|-- 198.51.100.3\n    |   |-- 198.51.100.4\n    |   +-- [MPLS: Lbl 16001 Exp 0 S 1 TTL 1]\n${target}`;
  expect(soleRun(await importText(text)).hops[0]).toBe(
    '1 198.51.100.1/198.51.100.2/198.51.100.3/198.51.100.4',
  );
});

test('a report without -w truncates names: a part of an IPv6 address is not an address', async () => {
  const text = `${head}  1.|-- 2001:db8::1111:2222:3333:4  0.0%     4    1.1   1.2   1.0   2.0   0.5
  2.|-- 2001:db8:ffff:1111:2222:  0.0%     4    1.1   1.2   1.0   2.0   0.5
  3.|-- 2001:db8::9                0.0%     4    1.1   1.2   1.0   2.0   0.5
`;
  const shifted = text.replace('3333:4  0.0%', '3333:  0.0%').replace('2222:  ', '2222:3  ');
  const run = soleRun(await importText(shifted, { destination: '2001:db8::9' }));
  expect(run.hops).toEqual(['1 *', '2 *', '3 2001:db8::9']);
  expect(run.trace.named?.map(({ name }) => name)).toEqual([
    '2001:db8::1111:2222:3333:…',
    '2001:db8:ffff:1111:2222:3…',
  ]);
});

test('a target of the other family is where the report ends', async () => {
  const reached = async (text: string, destination: string) =>
    soleRun(await importText(text, { destination })).trace.route.reached;
  expect(await reached(`${head}${gateway}${target}`, '2001:db8::9')).toBe(true);
  expect(await reached(`${head}${gateway}${silent}`, '2001:db8::9')).toBe(false);
  expect(await reached(`${head}${gateway}${target}`, '203.0.113.77')).toBe(false);
});

test('values touch each other only if mtr overwrites them', async () => {
  const text = `${head}  1.|-- 192.0.2.1                  0.0% 10000 1000. 1200. 999.9 2000.   0,5\n`;
  const run = soleRun(await importText(text));
  expect(run.trace.rttMs).toEqual([999.9]);
  expect(run.trace.probes?.sent).toEqual([10_000]);
});

test('several reports in sequence are imported', async () => {
  const second = head.replace('22:14:17', '22:19:17');
  const { readings, problems } = await importText(`${head}${gateway}${target}${second}${target}`);
  expect(problems).toEqual([]);
  expect(readings[0]?.traces.map(({ route }) => route.hops.length)).toEqual([3, 1]);
});

test('an incomplete row invalidates its report and no other', async () => {
  const second = head.replace('22:14:17', '22:19:17');
  const { readings, problems } = await importText(
    `${head}${gateway}${target.slice(0, 50)}\n${second}${target}\n${head}${gateway}  3`,
  );
  expect(readings[0]?.traces).toHaveLength(1);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('runs.txt:4 '),
    expect.stringContaining('runs.txt:12 '),
  ]);
});

test('another column of -y is not part of the name', async () => {
  const text = `${head}  1. DE   gw.example.net            0.0%     4    1.1   1.2   1.0   2.0   0.5
     NL   198.51.100.2
  2. ???  192.0.2.1                 0.0%     4    1.1   1.2   1.0   2.0   0.5
`;
  const run = soleRun(await importText(text));
  expect(run.hops).toEqual(['1 198.51.100.2', '2 192.0.2.1']);
  expect(run.trace.named?.map(({ name }) => name)).toEqual(['gw.example.net']);
});

test('a loss with one decimal still gives the number of replies', async () => {
  const text = `${head}  1.|-- 192.0.2.1                 66.7%     3    1.1   1.2   1.0   2.0   0.5\n`;
  expect(soleRun(await importText(text)).trace.probes?.received).toEqual([1]);
});

/** A report after 0.96, whose column `Loss%` is two columns wider. */
function reportOf(hosts: readonly string[], width: number): string {
  const values = '   0.00%     4    1.1   1.2   1.0   2.0   0.5\n';
  const heading = `${'HOST: probe'.padEnd(width)}   Loss%   Snt   Last   Avg  Best  Wrst StDev\n`;
  const rows = hosts.map((host, index) => {
    const front = `${String(index + 1).padStart(3)}.|-- ${host}`;
    return front.slice(0, width).padEnd(width) + values;
  });
  return `Start: 2026-11-20T18:14:17+0000\n${heading}${rows.join('')}`;
}

const longName = 'edge-7.city-of-somewhere.core.example.net';
const exactName = 'edge-7.city.core.test.net';

test('in a narrow report, a host that fills its column may be truncated', async () => {
  const run = soleRun(await importText(reportOf([longName, exactName, '192.0.2.9'], 33)));
  expect(run.trace.named?.map(({ name }) => name)).toEqual([
    'edge-7.city-of-somewhere.…',
    'edge-7.city.core.test.net…',
  ]);
});

test('in a wide report, no host is truncated', async () => {
  const width = 8 + longName.length;
  const run = soleRun(await importText(reportOf([exactName, longName, '192.0.2.9'], width)));
  expect(run.trace.named?.map(({ name }) => name)).toEqual([exactName, longName]);
});

test('a truncated name at the end of a report is not a target', async () => {
  const { readings, problems } = await importText(reportOf(['192.0.2.9', longName], 33));
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain('it names no target');
});

test('a foreign line within a report invalidates it', async () => {
  const text = `${head}${gateway}mtr: timeout\n${target}`;
  expect((await importText(text)).readings).toEqual([]);
});
