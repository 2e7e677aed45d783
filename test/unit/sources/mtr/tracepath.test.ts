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

/** Rows in the shape of every language, with a late reply, a ttl in doubt and a corrupted one. */
function translated(silence: string, asymmetry: string, end: string, summary: string): string {
  return `${local} 1:  203.0.113.1                      0,500ms
 2:  ${silence}
 3:  203.0.113.3                      3,500ms ${asymmetry}  5
 2:  203.0.113.2                   2100,500ms
 4?: 203.0.113.4                      ${asymmetry}  5
 5:  203.0.113.5                      5,500ms (This broken router returned corrupted payload)
 6:  203.0.113.9                      6,500ms ${end}
     ${summary}
`;
}

test.each([
  ['English', 'no reply', 'asymm', 'reached', 'Resume: pmtu 1500 hops 6 back 6'],
  ['French', 'pas de réponse', 'asymm.', 'atteint', 'Reprise : pmtu 1500 sauts 6 retour 6'],
  ['Japanese', '応答なし', '非対称', '到達', '再開: pmtu 1500 ホップ数 6 戻り 6'],
  ['Turkish', 'yanıt yok', 'asimetrik', 'ulaşıldı', 'Özet: pmtu 1500 sıçrama 6 geri 6'],
])('rows in %s have the same meaning', async (_, ...words) => {
  const run = soleRun(await importText(translated(...(words as [string, string, string, string]))));
  expect(run.hops).toEqual([1, 2, 3, 4, 5, 9].map((end, index) => `${index + 1} 203.0.113.${end}`));
  expect(run.trace.rttMs).toEqual([0.5, 2100.5, 3.5, null, 5.5, 6.5]);
  expect(run.trace.route).toMatchObject({ reached: true, pathMtu: 1500 });
});

test('a late reply is that of a probe that was counted as lost', async () => {
  const text = `${local} 1:  no reply
 1:  192.0.2.1   0.042ms
 2:  no reply
 1:  192.0.2.1   2100.042ms
 3:  192.0.2.9   0.042ms reached
     Resume: pmtu 1500 hops 3 back 3
`;
  const run = soleRun(await importText(text));
  expect(run.trace.probes).toMatchObject({ sent: [2, 1, 1], received: [2, 1] });
});

test('a reply that only the destination can send reaches it', async () => {
  const text = `${local} 1:  203.0.113.1   0.042ms\n 2?: reply received 8)\n     Resume: pmtu 1500\n`;
  for (const destination of ['203.0.113.9', 'ps.example.org']) {
    const run = soleRun(await importText(text, { destination }));
    expect(run.trace.route).toMatchObject({ reached: true, hops: [{ ttl: 1 }, { ttl: 2 }] });
  }
  expect((await importText(text)).problems[0]?.message).toContain('it names no target');
});

test('addresses may precede names, and zones are not part of addresses', async () => {
  const text = `${local} 1:  fe80::7%eth0 (_gateway)   0.042ms
 2:  2001:db8::9 (ps.example.org)   1.042ms reached
     Resume: pmtu 1500 hops 2 back 2
`;
  const run = soleRun(await importText(text));
  expect(run.hops).toEqual(['1 fe80::7', '2 2001:db8::9']);
  expect(run.test.destination.address).toBe('2001:db8::9');
});

test('rows without their first one, and rows behind a foreign line, are not a run', async () => {
  const end = ' 2:  192.0.2.1   0.042ms reached\n     Resume: pmtu 1500 hops 2 back 2\n';
  const options = { destination: '192.0.2.1' };
  expect((await importText(` 1:  203.0.113.1   0.1ms\n${end}`, options)).readings).toEqual([]);
  const spoiled = `${local} 1:  203.0.113.1   0.1ms\nsend failed\n${end}`;
  expect((await importText(spoiled, options)).readings).toEqual([]);
});

test('a word for the end counts only with the summary, in English also without it', async () => {
  const text = `${local} 1:  192.0.2.1   0.042ms `;
  expect((await importText(`${text}reac`)).readings).toEqual([]);
  expect(soleRun(await importText(`${text}reached`)).trace.route.reached).toBe(true);
});
