import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importFile, importRuns } from '../../../../src/sources/mtr/importRuns.ts';
import { importOptions, importText, soleRun, writtenAt } from '../../../helpers/importText.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

function run(dst: string, src = 'probe', last = dst): string {
  const hub = { count: 1, host: last, 'Loss%': 0, Snt: 2, Best: 1, Avg: 1, Wrst: 1, StDev: 0 };
  return `${JSON.stringify({ report: { mtr: { src, dst, tests: 2 }, hubs: [hub] } })}\n`;
}

test('a file may contain several formats, with text of other programs between them', async () => {
  const { readings, problems } = await importText(`${run('192.0.2.1')}
mtr: Failed to resolve host: nosuch.example.net: Name or service not known
[rc=0]
traceroute to 192.0.2.2 (192.0.2.2), 30 hops max, 60 byte packets
 1  192.0.2.2  0.5 ms
MTR.0.95,1795190000,OK,192.0.2.3,1,192.0.2.3,0.00,2,0,1.00,1.00,1.00,1.00,0.00
x 0 33000
h 0 192.0.2.4
p 0 900 33000
<?xml version="1.0"?>
<MTR SRC="probe" DST="192.0.2.5" TESTS="2">
<HUB COUNT="1" HOST="192.0.2.5"><Loss>0.0%</Loss><Snt>2</Snt><Best>1.0</Best></HUB>
</MTR>
Start: 2026-11-20T22:14:17+0000
HOST: probe                       Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- 192.0.2.6                  0.0%     2    1.0   1.0   1.0   1.0   0.0
`);
  expect(readings.map(({ test: { destination } }) => destination.name).sort()).toEqual(
    [1, 2, 3, 4, 5, 6].map((end) => `192.0.2.${end}`),
  );
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^runs\.txt:3 .*reads \(2 lines\)$/),
  ]);
  expect(problems[0]?.detail?.reveal()).toMatch(/^mtr: Failed to resolve host/);
});

test.each([
  ['JSON', run('192.0.2.9').slice(0, 60)],
  ['XML', '<?xml version="1.0"?>\n<MTR SRC="probe" DST="192.0.2.9" TESTS="2">\n'],
  ['a report', 'Start: 2026-11-20T22:14:17+0000\nHOST: probe     Loss%   Snt\n  1.|-- a'],
  ['CSV', 'MTR.0.95,1795190000,OK,192.0.2.3,1'],
  ['traceroute', 'traceroute to 192.0.2.2 (192.0.2.2), 30 hops max, 60 byte packets\n 1  192.'],
  ['tracepath', ' 1?: [LOCALHOST]  pmtu 1500\n 1:  192.0.'],
])('after incomplete %s, a run of any other format is imported', async (_, half) => {
  const wholes = [
    run('192.0.2.1'),
    '<?xml version="1.0"?>\n<MTR SRC="probe" DST="192.0.2.1" TESTS="2">\n</MTR>\n',
    'Start: 2026-11-20T22:14:17+0000\nHOST: probe     Loss%   Snt\n  1.|-- 192.0.2.1  0.0%   4\n',
    'MTR.0.95,1795190000,OK,192.0.2.1,1,192.0.2.1,0.00,2,0,1.00,1.00,1.00,1.00,0.00\n',
    'traceroute to 192.0.2.1 (192.0.2.1), 30 hops max, 60 byte packets\n 1  192.0.2.1  1 ms\n',
  ];
  for (const whole of wholes) {
    const { readings, problems } = await importText(`${half}\n${whole}`);
    expect(readings.map((reading) => reading.test.destination.name)).toEqual(['192.0.2.1']);
    expect(problems).toHaveLength(1);
  }
});

test('a complete run is imported after any text, and nothing is thrown', async () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '"',
    '\\',
    '[',
    '\n',
    '\n{"report":{"hubs":[{"count":1,"host":"a',
    '<MTR SRC="',
    '">',
    '<HUB COUNT="1" HOST="',
    '\nHOST: a Loss% Snt\n',
    '\n  1.|-- ',
    ' 1.0 2 3',
    '\nMTR.1,1,OK,a,',
    ',1,2',
    '\nx 0 33000\n',
    '\nh 0 192.0.2.5\np 0 1 33000',
    '\ntraceroute to b\n',
    '\n 1  c  1 ms',
    '\n 1?: [LOCALHOST] pmtu 1500\n',
    '\n 2:  no reply',
    '\u0000',
    'é',
    '\u202e',
    '(192.0.2.7)',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async (junk) => {
      const { readings } = await importText(`${junk.join('')}\n${run('192.0.2.1', 'last')}`);
      const names = readings.map(({ test: { source } }) => source.name);
      expect(names).toContain('last');
    }),
    { numRuns: 300 },
  );
});

test('the last run without a time has that of the file; the others precede it by the interval', async () => {
  const text = run('192.0.2.1') + run('192.0.2.2') + run('192.0.2.1') + run('192.0.2.1');
  const without = await importText(text);
  expect(without.readings.map(({ traces }) => traces.map(({ startedAt }) => startedAt))).toEqual([
    [writtenAt],
    [writtenAt],
  ]);
  expect(without.problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^runs\.txt:1 .*its time is unknown/),
    expect.stringMatching(/^runs\.txt:3 .*its time is unknown/),
  ]);
  const spaced = await importText(text, { intervalSeconds: 300 });
  expect(spaced.problems).toEqual([]);
  expect(spaced.readings[0]?.traces.map(({ startedAt }) => startedAt)).toEqual([
    writtenAt - 600,
    writtenAt - 300,
    writtenAt,
  ]);
});

test('from the time of the first run, the next ones follow at the interval', async () => {
  const text = run('192.0.2.1') + run('192.0.2.2') + run('192.0.2.1') + run('192.0.2.1');
  const without = await importText(text, { startedAt: 1_795_000_000 });
  expect(without.problems).toHaveLength(2);
  expect(without.problems[0]?.remedy).toContain('--csv');
  const options = { startedAt: 1_795_000_000, intervalSeconds: 300 };
  const { readings, problems } = await importText(text, options);
  expect(problems).toEqual([]);
  expect(readings[0]?.traces.map(({ startedAt }) => startedAt)).toEqual([
    1_795_000_000, 1_795_000_300, 1_795_000_600,
  ]);
  expect(readings[0]?.interval).toEqual({ from: 1_795_000_000, to: 1_795_000_600 });
});

test('the source is that of the user, else that of the file name, else that of the run', async () => {
  const name = 'named.example.net_192.0.2.9_20261120T221417Z.json';
  const source = async (text: string, options: object, file?: string) =>
    soleRun(await importText(text, options, file === undefined ? {} : { name: file })).test.source
      .name;
  expect(await source(run('192.0.2.1'), { source: 'given' }, name)).toBe('given');
  expect(await source(run('192.0.2.1'), {}, name)).toBe('named.example.net');
  expect(await source(run('192.0.2.1'), {})).toBe('probe');
  expect(await source(run('192.0.2.1', 'localhost'), {})).toBe('collector.example.net');
});

test('the target is that of the user, else that of the run, else that of the file name', async () => {
  const name = 'a_192.0.2.9_20261120T221417Z.json';
  const target = async (options: object) =>
    soleRun(await importText(run('192.0.2.1'), options, { name })).test.destination.name;
  expect(await target({ destination: '192.0.2.7' })).toBe('192.0.2.7');
  expect(await target({})).toBe('192.0.2.1');
});

test('runs that differ in source, target, family, protocol or port are different tests', async () => {
  const ids = new Set<string>();
  const variants = [
    {},
    { source: 'other' },
    { destination: '192.0.2.2' },
    { protocol: 'tcp', port: 80 },
    { protocol: 'tcp', port: 443 },
    { protocol: 'udp', port: 80 },
  ] as const;
  for (const options of variants) {
    const [reading] = (await importText(run('www.example.net', 'probe', '192.0.2.1'), options))
      .readings;
    ids.add(reading?.test.id ?? '');
  }
  const [v6] = (await importText(run('www.example.net', 'probe', '2001:db8::1'))).readings;
  ids.add(v6?.test.id ?? '');
  expect(v6?.test.family).toBe(6);
  expect(ids.size).toBe(variants.length + 1);
});

test('the last good name and AS number of a host count', async () => {
  const options = { startedAt: 1_795_000_000, intervalSeconds: 300 };
  const text = run('192.0.2.1', 'probe', 'www.example.net (192.0.2.1)') + run('192.0.2.1');
  const { readings } = await importText(text, options);
  expect(readings[0]?.responders.get('192.0.2.1')?.hostname).toBe('www.example.net');
});

test('equal routes of a test are one object', async () => {
  const options = { startedAt: 1_795_000_000, intervalSeconds: 300 };
  const { readings } = await importText(run('192.0.2.1') + run('192.0.2.1'), options);
  const [one, other] = readings[0]?.traces ?? [];
  expect(one?.route).toBeDefined();
  expect(one?.route).toBe(other?.route);
});

test('an empty file is reported: mtr writes nothing if it fails', async () => {
  const { problems } = await importText('');
  expect(problems).toMatchObject([
    {
      message: 'runs.txt:1 (byte 0) skipped: it is empty',
      remedy: expect.stringContaining('mtr'),
    },
  ]);
});

test('of very many invalid parts, only the first are reported singly', async () => {
  const junk = Array.from({ length: 100 }, () => `junk\n${run('192.0.2.1')}`).join('');
  const { problems } = await importText(junk, { startedAt: 1_795_000_000, intervalSeconds: 60 });
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)?.message).toBe('runs.txt: 80 more parts skipped');
});

test('lines of any length, a byte order mark and the line ends of Windows are valid', async () => {
  const text = `\ufeff${run('192.0.2.1')}${'x'.repeat(300_000)}\n${run('192.0.2.2')}`;
  const { readings, problems } = await importText(text.replaceAll('\n', '\r\n'));
  expect(readings).toHaveLength(2);
  expect(problems).toHaveLength(1);
});

test('a run with a time in the future is rejected', async () => {
  const row = `MTR.0.95,${writtenAt + 200_000},OK,192.0.2.3,1,192.0.2.3,0.00,2,0,1,1,1,1,0`;
  const { readings, problems } = await importText(row);
  expect(readings).toEqual([]);
  expect(problems[0]?.remedy).toBe('Check the clock of the measuring host.');
});

test('a run with a time before 1970 is skipped', async () => {
  const { readings, problems } = await importText(run('192.0.2.1'), { startedAt: -5 });
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain('before 1970');
});

test('the default time of a file is that of its last change', async () => {
  const file = join(tempDir(), 'run.json');
  writeFileSync(file, run('192.0.2.1'));
  utimesSync(file, writtenAt, writtenAt);
  const parts = await Array.fromAsync(importFile(file, importOptions));
  expect(parts.flatMap(({ readings }) => readings)[0]?.traces[0]?.startedAt).toBe(writtenAt);
  expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(100);
});

test.each(['no such file', 'a folder'])('%s is reported as unreadable', async (what) => {
  const path = join(tempDir(), 'runs');
  if (what === 'a folder') mkdirSync(path);
  await expect(Array.fromAsync(importFile(path, importOptions))).rejects.toMatchObject({
    kind: 'store',
    subject: path,
    message: expect.stringContaining('cannot read the file'),
  });
});

test('runs read before a disk failure are imported', async () => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(run('192.0.2.1'));
    throw new Error('disk');
  }
  const options = { ...importOptions, startedAt: 1_795_000_000 };
  const parts = importRuns({ name: 'x', chunks: chunks(), modifiedAt: null }, options);
  expect((await parts.next()).value?.runs).toBe(1);
  await expect(parts.next()).rejects.toThrow('disk');
});

test('a large file is imported in parts, with little memory', async () => {
  const size = 4000;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < size; index += 1) yield Buffer.from(run('192.0.2.1'));
  }
  const options = { ...importOptions, startedAt: 1_795_000_000, intervalSeconds: 60 };
  let runs = 0;
  let largest = 0;
  for await (const part of importRuns({ name: 'x', chunks: chunks(), modifiedAt: null }, options)) {
    runs += part.runs;
    largest = Math.max(largest, part.runs);
  }
  expect(runs).toBe(size);
  expect(largest).toBe(1000);
});

const samples = join(import.meta.dirname, '../../../../../shared/data/cli');

test('output of real tools is imported, if it is next to the checkout', async () => {
  const found = new Map<string, number>();
  for (const name of existsSync(samples) ? readdirSync(samples) : []) {
    let runs = 0;
    const options = { ...importOptions, now: Date.now() / 1000, intervalSeconds: 60 };
    for await (const part of importFile(join(samples, name), options)) runs += part.runs;
    found.set(name, runs);
  }
  expect([...found].filter(([, runs]) => runs === 0)).toEqual([]);
  if (found.size === 0) return;
  expect(Object.fromEntries(found)).toMatchObject({
    'netns-silent-hop-and-dead-destination.txt': 10,
    'netns-traceroute-tracepath-mtr-reachable.txt': 12,
    'tracepath-samples-esnet-internet2.txt': 1,
  });
});

const dateLine = (second: number) => `Fri Nov 20 18:40:0${second} UTC 2026\n`;
const dated = Date.parse('2026-11-20T18:40:00Z') / 1000;

/** One run in each format that has no time of its own. */
const timeless: readonly [string, string][] = [
  ['JSON', run('192.0.2.1')],
  [
    'XML',
    '<?xml version="1.0"?>\n<MTR SRC="probe" DST="192.0.2.1" TESTS="2">\n<HUB COUNT="1" HOST="192.0.2.1"><Loss>0.0%</Loss><Snt>2</Snt><Best>1.0</Best></HUB>\n</MTR>\n',
  ],
  ['raw output', 'x 0 33000\nh 0 192.0.2.1\np 0 900 33000\n'],
  ['reports', 'HOST: probe     Loss%   Snt\n  1.|-- 192.0.2.1  0.0%   4\n'],
  ['traceroute', 'traceroute to 192.0.2.1 (192.0.2.1), 30 hops max\n 1  192.0.2.1  1 ms\n'],
  ['traceroute without a heading', ' 1  192.0.2.1  1 ms\n'],
  [
    'tracepath',
    ' 1?: [LOCALHOST]  pmtu 1500\n 1:  192.0.2.1  1.0ms reached\n     Resume: pmtu 1500 hops 1 back 1\n',
  ],
];

test.each(timeless)('a line with a time dates the run behind it: %s', async (_, text) => {
  const log = `${dateLine(1)}${text}\n${dateLine(2)}${text}${dateLine(3)}\n${text}`;
  const { readings, problems } = await importText(log, { destination: '192.0.2.1' });
  expect(problems).toEqual([]);
  expect(readings.flatMap(({ traces }) => traces.map(({ startedAt }) => startedAt))).toEqual([
    dated + 1,
    dated + 2,
    dated + 3,
  ]);
});

test('one time dates the runs to several targets, and only the first one to each', async () => {
  const runs = run('192.0.2.1') + run('192.0.2.2') + run('192.0.2.1');
  const { readings } = await importText(`${dateLine(1)}${runs}`);
  const times = readings.map(({ test: { destination }, traces }) => [
    destination.name,
    ...traces.map(({ startedAt }) => startedAt),
  ]);
  expect(times).toEqual([
    ['192.0.2.1', dated + 1, writtenAt],
    ['192.0.2.2', dated + 1],
  ]);
});

test('a run does not begin after the last change of its file', async () => {
  const row = `MTR.0.95,${writtenAt + 600},OK,192.0.2.3,1,192.0.2.3,0.00,2,0,1,1,1,1,0`;
  const { readings, problems } = await importText(row);
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain('later than the last change of the file');
});

test('a run without a time in front of a time line is older than the file, so it has none', async () => {
  const trace =
    'traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets\n' +
    ' 1  203.0.113.9 (203.0.113.9)  1.0 ms\n';
  const early = new Date((writtenAt - 7200) * 1000).toISOString();
  for (const intervalSeconds of [null, 600]) {
    const after = await importText(`${trace}${early}\n${trace}`, { intervalSeconds });
    const starts = after.readings.flatMap(({ traces }) => traces.map((one) => one.startedAt));
    expect(starts).toEqual([writtenAt - 7200]);
    expect(after.problems.map(({ message }) => message)).toEqual([
      'runs.txt:1 (byte 0) skipped: its time is unknown, and a later line has a time',
    ]);
  }
  const { readings } = await importText(`${trace}${early}\n`);
  expect(readings).toEqual([]);
});
