import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const lisbon = { city: 'Lisbon', country: 'PT', asn: 64_500 };
const porto = { city: 'Porto', country: 'PT', asn: 64_500 };

const hop = (address: string | null, ...rtts: (number | null)[]) => ({
  resolvedAddress: address,
  resolvedHostname: address,
  timings: rtts.map((rtt) => ({ rtt })),
});

const result = (...hops: object[]) => ({
  status: 'finished',
  resolvedAddress: '203.0.113.9',
  hops: hops.length > 0 ? hops : [hop('198.51.100.1', 1), hop('203.0.113.9', 2)],
});

const measurement = (type: string, ...results: object[]) =>
  JSON.stringify({
    id: 'x',
    type,
    target: 'www.example.net',
    createdAt: '2026-06-20T10:00:00.000Z',
    results,
  });

const messages = (problems: readonly { message: string }[]) =>
  problems.map(({ message }) => message.replace(/^.*skipped: /, ''));

test('each probe of a measurement is a source of its own', async () => {
  const text = measurement(
    'traceroute',
    { probe: lisbon, result: result() },
    { probe: porto, result: result() },
  );
  const { readings, problems } = await importText(text);
  expect(problems).toEqual([]);
  expect(readings.map(({ test }) => test.source.name)).toEqual([
    'globalping-lisbon-pt-as64500',
    'globalping-porto-pt-as64500',
  ]);
});

test('two probes that the file does not tell apart are not one test', async () => {
  const text = measurement(
    'mtr',
    { probe: lisbon, result: result() },
    { probe: lisbon, result: result() },
  );
  const imported = await importText(text);
  expect(messages(imported.problems)).toEqual([
    'Globalping result of a second probe in one city and network',
  ]);
  soleRun(imported);
});

test('traceroute leaves lost probes out, mtr reports them', async () => {
  const hops = [hop(null), hop('203.0.113.9', 2, null)];
  const probe = { probe: lisbon, result: result(...hops) };
  const mtr = soleRun(await importText(measurement('mtr', probe)));
  expect(mtr.hops).toEqual(['1 *', '2 203.0.113.9']);
  expect(mtr.trace.rttMs).toEqual([2]);
  const traceroute = soleRun(await importText(measurement('traceroute', probe)));
  expect(traceroute.hops).toEqual(mtr.hops);
});

test.each([
  ['another measurement', measurement('ping', { probe: lisbon, result: {} }), 'that is no trace'],
  [
    'a probe that failed',
    measurement('mtr', { probe: lisbon, result: { status: 'failed', rawOutput: 'x' } }),
    'of a probe that failed',
  ],
])('%s is not a run', async (_, text, message) => {
  const { readings, problems } = await importText(text);
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain(message);
});
