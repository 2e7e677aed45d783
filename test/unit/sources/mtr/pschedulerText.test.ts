import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const to = { destination: '203.0.113.9' };

test('pscheduler result: heading, command and tool', async () => {
  const run = soleRun(
    await importText(
      '2026-06-20T10:00:00+00:00 on a.example.net with paris-traceroute:\n\n' +
        'trace --source a.example.net --dest 203.0.113.9 --length 60\n  --probe-type icmp\n\n' +
        '1\tgw.example.net (198.51.100.1) AS64500 0.5 ms mtu 9000 bytes\n\t  EXAMPLE-A, ZZ\n' +
        '2\tNo Response\n3\t203.0.113.9 12.25 ms mtu 1500 bytes\n',
    ),
  );
  expect(run.test).toMatchObject({
    tool: 'paris-traceroute',
    source: { name: 'a.example.net' },
    destination: { name: '203.0.113.9' },
  });
  expect(run.test.parameters).toMatchObject({ 'ip-transport-protocol': 'icmp' });
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 203.0.113.9']);
  expect(run.trace.startedAt).toBe(Date.parse('2026-06-20T10:00:00Z') / 1000);
  expect(run.trace.rttMs).toEqual([0.5, 12.25]);
  expect(run.trace.route.pathMtu).toBe(1500);
});

test('several paths of one run are several hosts of a hop', async () => {
  const paths =
    'Path 1:\n1\t198.51.100.1 1 ms\n2\t203.0.113.9 2 ms\n\n' +
    'Path 2:\n1\t198.51.100.2 1 ms\n2\t203.0.113.9 3 ms\n';
  const run = soleRun(await importText(`Waiting for result...\n\n${paths}`, to));
  expect(run.hops).toEqual(['1 198.51.100.1/198.51.100.2', '2 203.0.113.9']);
});

test('a repeated task is several runs', async () => {
  const result = (minute: string) =>
    'Next scheduled run:\nhttps://a.example.net/pscheduler/tasks/1/runs/2\n' +
    `Starts 2026-06-20T10:${minute}:00Z (~2 seconds)\nEnds   2026-06-20T10:59:41Z (~9 seconds)\n` +
    'Waiting for result...\n\n1       198.51.100.1 0.5 ms\n2       203.0.113.9 2 ms\n\n';
  const text = `Submitting task...\n${result('00')}${result('10')}No further runs scheduled.\n`;
  const { readings, problems } = await importText(text, to);
  expect(problems).toEqual([]);
  expect(readings.flatMap(({ traces }) => traces.map(({ startedAt }) => startedAt % 3600))).toEqual(
    [0, 600],
  );
});

test('an ICMP error ends a route', async () => {
  const text = '1\t198.51.100.1 1 ms\n2\t198.51.100.2 2 ms host-unreachable\n';
  const { route } = soleRun(await importText(text, to)).trace;
  expect(route.reached).toBe(false);
  expect(route.hops.at(-1)?.error).toBe('host-unreachable');
});

test('an error in other words than those of pScheduler is not repeated', async () => {
  const text = '1\t198.51.100.1 1 ms\n2\t198.51.100.2 2 ms call-our-hotline\n';
  const { route } = soleRun(await importText(text, to)).trace;
  expect(route.hops.at(-1)?.error).toBe('unknown-error');
});

test.each([
  ['a failed run', 'Waiting for result...\n\nTest failed.\n', 'result of a run that failed'],
  ['a missing hop', '1\t198.51.100.1 1 ms\n3\t203.0.113.9 2 ms\n', 'incomplete result'],
  ['a cut hop', '1\t198.51.100.1 1 ms\n2\t203.0.113.9 (unfin\n', 'incomplete result'],
])('%s is not a run', async (_, text, message) => {
  const { readings, problems } = await importText(text, to);
  expect(readings).toEqual([]);
  expect(problems.map((problem) => problem.message).join()).toContain(message);
});
