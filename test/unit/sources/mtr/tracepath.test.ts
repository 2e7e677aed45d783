import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const local = ' 1?: [LOCALHOST]                      pmtu 1500\n';

test('probes, silence, asymmetry and the end of the route', async () => {
  const run = soleRun(
    await importText(`${local} 1:  gw.example.net (198.51.100.1)                         0.042ms asymm  2
 1:  gw.example.net (198.51.100.1)                         0.009ms
 2:  no reply
 3:  198.51.100.3                                          0.070ms
 4:  target.example.net (192.0.2.1)                        0.020ms reached
     Resume: pmtu 1500 hops 4 back 4
`),
  );
  expect(run.test).toMatchObject({ tool: 'tracepath', destination: { address: '192.0.2.1' } });
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 198.51.100.3', '4 192.0.2.1']);
  expect(run.trace.rttMs).toEqual([0.009, 0.07, 0.02]);
  expect(run.trace.probes).toMatchObject({ sent: [2, 1, 1, 1], received: [2, 1, 1] });
  expect(run.trace.route).toMatchObject({ reached: true, pathMtu: 1500 });
});

test('a line with a new MTU is from another router, not from its ttl', async () => {
  const run = soleRun(
    await importText(`${local} 1:  198.51.100.1   0.044ms
 2:  198.51.100.1   0.026ms pmtu 1400
 2:  192.0.2.1      0.020ms reached
     Resume: pmtu 1400 hops 2 back 2
`),
  );
  expect(run.hops).toEqual(['1 198.51.100.1', '2 192.0.2.1']);
  expect(run.trace.route.hops.map(({ mtu }) => mtu)).toEqual([1500, 1400]);
  expect(run.trace.route.pathMtu).toBe(1400);
});

test('old versions start with the measuring host itself', async () => {
  const run = soleRun(
    await importText(` 1:  probe.example.net (198.51.100.9)                      0.076ms pmtu 9000
 1:  no reply
 2:  192.0.2.1                                             0.5ms reached
     Resume: pmtu 9000 hops 2 back 2
`),
  );
  expect(run.test.source.name).toBe('probe.example.net');
  expect(run.hops).toEqual(['1 *', '2 192.0.2.1']);
});

test('a route without its target requires the target from the user', async () => {
  const text = `${local} 1:  198.51.100.1   0.042ms
 2:  198.51.100.2   0.066ms !H
     Resume: pmtu 1500
`;
  expect((await importText(text)).problems[0]?.message).toContain('it names no target');
  const run = soleRun(await importText(text, { destination: '192.0.2.1' }));
  expect(run.trace.route.reached).toBe(false);
  expect(run.trace.route.hops.at(-1)?.error).toBe('host-unreachable');
});

test('silence up to the largest ttl is a complete route, up to the middle it is not', async () => {
  const text = `${local} 1:  198.51.100.1   0.042ms\n 2:  no reply\n 3:  no reply\n`;
  const options = { destination: '192.0.2.1' };
  const end = '     Too many hops: pmtu 1500\n     Resume: pmtu 1500\n';
  expect(soleRun(await importText(text + end, options)).hops).toEqual(['1 198.51.100.1']);
  expect((await importText(text, options)).problems[0]?.message).toContain(
    'incomplete tracepath output',
  );
});

test('the first ttl separates successive outputs', async () => {
  const path = `${local} 1:  192.0.2.1   0.042ms reached\n     Resume: pmtu 1500 hops 1 back 1\n`;
  const { readings, problems } = await importText(path + path, { intervalSeconds: 300 });
  expect(problems).toEqual([]);
  expect(readings[0]?.traces).toHaveLength(2);
});
