import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const name = 'host-a_192.0.2.1_20261120T221417Z_tcp443.raw';
const facts = { destination: '192.0.2.1' };

/** The lines of a probe: the host only if it differs from the previous one, twice if it is new. */
function probe(position: number, sequence: number, host: string | null, usec = 0, isNew = true) {
  const found = `h ${position} ${host}\n`;
  return (
    `x ${position} ${sequence}\n` +
    (host === null ? '' : `${isNew ? found + found : ''}p ${position} ${usec} ${sequence}\n`)
  );
}

test('every reply counts for the host named last, even if a hop has several', async () => {
  const text =
    probe(0, 33000, '198.51.100.1', 1000) +
    probe(1, 33001, '192.0.2.1', 4000) +
    probe(0, 33002, '198.51.100.2', 2000) +
    probe(1, 33003, '192.0.2.1', 5000, false) +
    `x 0 33004\nh 0 198.51.100.1\np 0 1500 33004\n` +
    probe(1, 33005, null) +
    probe(0, 33006, '198.51.100.1', 1800, false) +
    probe(1, 33007, '192.0.2.1', 8000, false);
  const run = soleRun(await importText(text, facts));
  expect(run.hops).toEqual(['1 198.51.100.1/198.51.100.2', '2 192.0.2.1']);
  expect(run.trace.rttMs).toEqual([1, 2, 4]);
  expect(run.trace.probes).toEqual({
    sent: [4, 4],
    received: [3, 1, 3],
    spread: {
      avgMs: [1.433, 2, 5.667],
      worstMs: [1.8, 2, 8],
      stdevMs: [0.404, null, 2.082],
      jitterMs: [0.4, null, 2],
    },
  });
});

test('output without its beginning counts a probe for each reply', async () => {
  const text = `h 1 192.0.2.1\np 1 4000 33001\n${probe(0, 33002, '198.51.100.1', 1000)}${probe(1, 33003, '192.0.2.1', 5000, false)}`;
  const run = soleRun(await importText(text, facts));
  expect(run.trace.probes).toMatchObject({ sent: [1, 2], received: [1, 2] });
});

test('names and MPLS labels belong to the host that replied last', async () => {
  const text = `x 0 33000\nh 0 192.0.2.1\nm 0 16001 0 1 1\nd 0 Target.Example.NET.\np 0 900 33000\n`;
  const run = soleRun(await importText(text, facts));
  expect(run.responders.get('192.0.2.1')?.hostname).toBe('target.example.net');
});

test('later hops with the destination are the destination again', async () => {
  const text =
    probe(0, 33000, '198.51.100.1', 1000) +
    probe(1, 33001, '192.0.2.1', 2000) +
    probe(2, 33002, '192.0.2.1', 2100) +
    probe(3, 33003, null) +
    probe(0, 33004, '198.51.100.1', 1000, false) +
    probe(1, 33005, '192.0.2.1', 2000, false);
  const run = soleRun(await importText(text, facts));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 192.0.2.1']);
  expect(run.trace.route.reached).toBe(true);
});

test('a router that sends ICMP errors at every further ttl ends the route, even with silent hops between', async () => {
  const text =
    probe(0, 33000, '198.51.100.1', 1000) +
    probe(1, 33001, '198.51.100.2', 2000) +
    probe(2, 33002, null) +
    probe(3, 33003, '198.51.100.2', 2000) +
    probe(4, 33004, null);
  const run = soleRun(await importText(text, facts));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 198.51.100.2']);
  expect(run.trace.route.reached).toBe(false);
});

test('a routing loop remains a loop', async () => {
  const text = ['1', '2', '3', '2', '3', '2']
    .map((end, position) => probe(position, 33000 + position, `198.51.100.${end}`, 1000))
    .join('');
  const run = soleRun(await importText(text, facts));
  expect(run.hops.map((hop) => hop.slice(-1)).join('')).toBe('123232');
});

test('without the address of the target, fewer probes show that it was reached', async () => {
  const reached =
    probe(0, 33000, '198.51.100.1', 1000) +
    probe(1, 33001, '192.0.2.1', 2000) +
    probe(2, 33002, null) +
    probe(0, 33003, '198.51.100.1', 1000, false) +
    probe(1, 33004, '192.0.2.1', 2000, false);
  const options = { destination: 'www.example.net' };
  expect(soleRun(await importText(reached, options)).trace.route.reached).toBe(true);
  const unreached = `${reached}${probe(2, 33005, null)}`;
  expect(soleRun(await importText(unreached, options)).trace.route.reached).toBe(false);
});

test('every run starts with the same number, which wraps after the largest one', async () => {
  const run = probe(0, 33000, '192.0.2.1', 1000) + probe(0, 33001, null);
  const two = await importText(run + run, { ...facts, intervalSeconds: 60 });
  expect(two.readings[0]?.traces).toHaveLength(2);
  const long =
    probe(0, 65534, '192.0.2.1', 1000) +
    probe(0, 65535, null) +
    probe(0, 33000, '192.0.2.1', 1000, false) +
    probe(0, 33001, null);
  const one = await importText(long, { ...facts, intervalSeconds: 60 });
  expect(one.readings[0]?.traces.map(({ probes }) => probes?.sent)).toEqual([[4]]);
});

test('source, target, time, protocol and port are from the name of the file', async () => {
  const run = soleRun(await importText(probe(0, 33000, '192.0.2.1', 1000), {}, { name }));
  expect(run.trace.startedAt).toBe(Date.parse('2026-11-20T22:14:17Z') / 1000);
  expect(run.test).toMatchObject({
    source: { name: 'host-a' },
    destination: { address: '192.0.2.1' },
    parameters: { 'ip-transport-protocol': 'tcp', 'trace-dest-port': '443' },
  });
});

test('output without probe lines has no loss', async () => {
  const run = soleRun(await importText('h 0 192.0.2.1\np 0 1000\np 0 900\n', facts));
  expect(run.trace.rttMs).toEqual([0.9]);
  expect(run.trace.probes).toBeNull();
});

test('an invalid line invalidates its run and no other', async () => {
  const good = probe(0, 33000, '192.0.2.1', 1000);
  const { readings, problems } = await importText(
    `x 0 33000\nh 0 192.0.2.\np 0 1 33000\n${good}`,
    facts,
  );
  expect(problems.map(({ message }) => message)).toEqual([
    'runs.txt:2 (byte 10) skipped: invalid line of raw output',
  ]);
  expect(readings[0]?.traces).toHaveLength(1);
});

test('a host announced again after its reply is of another target: the run is refused', async () => {
  const one = probe(0, 33000, '198.51.100.1', 1000) + probe(1, 33001, '192.0.2.1', 2000);
  const other = probe(0, 33002, '198.51.100.1', 1000) + probe(1, 33003, '192.0.2.2', 2000);
  const { readings, problems } = await importText(`${one}${other}${one}`, facts);
  expect(readings[0]?.traces).toHaveLength(1);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('several targets'),
  ]);
});

test('a foreign line within a run invalidates it; behind a run it does no harm', async () => {
  const [start, end] = [probe(0, 33000, '198.51.100.1'), probe(1, 33001, '192.0.2.1')];
  const options = { ...facts, startedAt: 1_795_000_000, intervalSeconds: 60 };
  const spoiled = await importText(`${start}mtr: timeout\n${end}${start}${end}`, options);
  expect(spoiled.readings[0]?.traces).toHaveLength(1);
  const whole = await importText(`${start}${end}[rc=0]\n${start}${end}`, options);
  expect(whole.readings[0]?.traces).toHaveLength(2);
});

/** Runs of one command of mtr: `routes[target][round]` has the host of each ttl, `*` for silence. */
function several(...routes: string[][]): string {
  let sequence = 33_000;
  return routes
    .map((rounds) => {
      const current = new Map<number, string>();
      const known = new Set<string>();
      return rounds
        .flatMap((round) => round.split(' ').map((host, position) => ({ host, position })))
        .map(({ host, position }) => {
          sequence += 1;
          if (host === '*') return probe(position, sequence, null);
          const address = `198.51.100.${host}`;
          const isNew = !known.has(`${position} ${host}`);
          const isBack = !isNew && current.get(position) !== host;
          known.add(`${position} ${host}`);
          current.set(position, host);
          const found = probe(position, sequence, address, 900, isNew);
          return isBack ? found.replace('\np', `\nh ${position} ${address}\np`) : found;
        })
        .join('');
    })
    .join('');
}

/** Raw output as mtr up to 0.85 writes it. */
const withoutProbes = (text: string) => text.replaceAll(/^x .*\n/gm, '');

test.each([
  ['neighbors of the measuring host', several(['1', '1'], ['2', '2'])],
  ['after a silent first hop', several(['* 1', '* 1'], ['* 2', '* 2'])],
  ['with one round each', several(['* 1 2'], ['* 3'], ['* 4 5 6'])],
  ['through a first router with two addresses', several(['1 3', '2 3'], ['1 4', '2 4'])],
  ['of which the first is silent', several(['* * * *', '* * * *'], ['1 2', '1 2'])],
  ['of which the last is silent', several(['1 2', '1 2'], ['* * * *', '* * * *'])],
  ['of which the last is cut', several(['* 1', '* 1', '* 1'], ['* 2 3', '* 2 3'])],
  ['of mtr 0.85', withoutProbes(several(['1', '1'], ['2', '2']))],
])('several targets are refused: %s', async (_, text) => {
  const { runs, problems } = await importText(text, facts);
  expect(runs).toBe(0);
  expect(problems[0]?.message).toContain('several targets');
});

test.each([
  ['a loss of some rounds', several(['1 2', '* *', '1 2', '* *', '1 2'])],
  ['an outage at its end', several(['1 2', '1 2', '* *', '* *'])],
  ['an outage before its end', several(['* *', '1 2', '1 2', '1 2'])],
  ['two addresses at each hop', several(['1 3 5', '2 4 5', '1 4 5', '2 3 5'])],
  ['no reply', several(['* * *', '* * *'])],
  ['one round, replies out of order', 'h 1 198.51.100.2\np 1 900\nh 0 198.51.100.1\np 0 900\n'],
])('the run of one target is read: %s', async (_, text) => {
  const { runs, problems } = await importText(text, facts);
  expect({ runs, problems }).toEqual({ runs: 1, problems: [] });
});

test('a late reply to a probe of the round before shows that its target is the same', async () => {
  const text = 'x 0 33000\nx 1 33001\nx 0 33002\nh 1 192.0.2.1\np 1 900 33001\nx 1 33003\n';
  expect((await importText(text, facts)).runs).toBe(1);
});

test('half a number at the end of the file is no time', async () => {
  const text =
    'x 0 33000\nh 0 198.51.100.1\np 0 600\nx 1 33001\nh 1 203.0.113.9\np 1 10600\np 1 10512\n';
  for (let length = text.length - 4; length < text.length; length += 1) {
    const run = soleRun(await importText(text.slice(0, length), { destination: '203.0.113.9' }));
    expect(run.trace.rttMs).toEqual([0.6, 10.6]);
  }
});
