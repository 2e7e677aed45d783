import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

/** The output of mtr without -n and -b: names without their addresses. */
function report(dst: string, hosts: readonly string[]): string {
  const hubs = hosts.map((host, index) => ({
    ...{ count: index + 1, host, 'Loss%': host === '???' ? 100 : 0, Snt: 4 },
    ...{ Last: 2, Avg: 2, Best: 1, Wrst: 3, StDev: 1, Javg: 0.75 },
  }));
  return JSON.stringify({ report: { mtr: { src: 'probe', dst, tests: 4 }, hubs } }, null, 4);
}

test('a host with only a name keeps its values, and its hop is silent', async () => {
  const imported = await importText(report('192.0.2.1', ['GW.example.net', '192.0.2.1']));
  const run = soleRun(imported);
  expect(run.hops).toEqual(['1 *', '2 192.0.2.1']);
  expect(run.trace.named).toEqual([
    {
      ...{ ttl: 1, name: 'gw.example.net', received: 4 },
      ...{ rttMs: 1, avgMs: 2, worstMs: 3, stdevMs: 1, jitterMs: 1 },
    },
  ]);
  expect(run.trace.probes).toMatchObject({ sent: [4, 4], received: [4] });
  expect(imported.namedRuns).toBe(1);
});

test('the last row of mtr is the target, so its address is known even if only its name is shown', async () => {
  const run = soleRun(await importText(report('192.0.2.1', ['198.51.100.1', 'www.example.net'])));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 192.0.2.1']);
  expect(run.trace.route.reached).toBe(true);
  expect(run.responders.get('192.0.2.1')?.hostname).toBe('www.example.net');
  expect(run.trace.named).toBeUndefined();
});

test('a target with only a name is reached if the run ends with a reply', async () => {
  const named = soleRun(await importText(report('www.example.net', ['gw', 'www.example.net'])));
  expect(named.test.destination).toEqual({ address: null, name: 'www.example.net' });
  expect(named.trace.route).toMatchObject({ reached: true, hops: [{ ttl: 1 }, { ttl: 2 }] });
  expect(named.trace.rttMs).toEqual([]);
  const addressed = soleRun(await importText(report('www.example.net', ['gw', '192.0.2.1'])));
  expect(addressed.trace.route.reached).toBe(true);
  expect(addressed.test.id).toBe(named.test.id);
  const silent = soleRun(await importText(report('www.example.net', ['gw', '192.0.2.1', '???'])));
  expect(silent.trace.route.reached).toBe(false);
});

test('generic names for the gateway and the host itself are not names of responders', async () => {
  const hosts = ['_gateway (198.51.100.1)', 'localhost (192.0.2.1)'];
  const run = soleRun(await importText(report('192.0.2.1', hosts)));
  expect([...run.responders.values()].map(({ hostname }) => hostname)).toEqual([null, null]);
});
