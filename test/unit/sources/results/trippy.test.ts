import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const hop = (ttl: number, hosts: readonly string[], recv: number) => ({
  ttl,
  hosts: hosts.map((ip) => ({ ip, hostname: ip })),
  loss_pct: (100 - recv * 10).toFixed(2),
  sent: 10,
  recv,
  last: '4.00',
  avg: '3.00',
  best: '2.00',
  worst: '9.00',
  stddev: '1.50',
});

const report = (...hops: object[]) =>
  JSON.stringify({ info: { target: { ip: '203.0.113.9', hostname: 'www.example.net' } }, hops });

test('silent hops, hops with several hosts, and loss', async () => {
  const text = report(
    hop(1, [], 0),
    hop(2, ['198.51.100.1', '198.51.100.2'], 10),
    hop(3, ['203.0.113.9'], 7),
  );
  const run = soleRun(await importText(text));
  expect(run.hops).toEqual(['1 *', '2 198.51.100.1/198.51.100.2', '3 203.0.113.9']);
  expect(run.test.destination).toEqual({ name: 'www.example.net', address: '203.0.113.9' });
  expect(run.trace.rttMs).toEqual([2, null, 2]);
});

test('a hop without a ttl invalidates the report', async () => {
  const { readings, problems } = await importText(report({ hosts: [] }));
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain('invalid report of trippy');
});
