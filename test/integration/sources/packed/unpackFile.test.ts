import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { unpackFile } from '../../../../src/sources/packed/unpackFile.ts';
import { importText, soleRun, writtenAt } from '../../../helpers/importText.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

const run = (end: number) =>
  `traceroute to 192.0.2.${end} (192.0.2.${end}), 30 hops max, 60 byte packets\n` +
  ` 1  198.51.100.1  0.5 ms\n 2  192.0.2.${end}  4.1 ms\n`;
const text = run(1);

const utf16 = (content: string) => Buffer.from(`\ufeff${content}`, 'utf16le');
const packedBy = (program: string) => execFileSync(program, ['-c'], { input: text });

/** A tar archive of files with these contents, by the program of the system. */
function tar(files: Record<string, Uint8Array>, ...options: string[]): Buffer {
  const folder = tempDir();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, writtenAt - 3000, writtenAt - 3000);
  }
  const archive = join(tempDir(), 'a.tar');
  execFileSync('tar', ['-cf', archive, '-C', folder, ...options, '.']);
  return readFileSync(archive);
}

const longName = `logs/${'long-'.repeat(30)}name.txt`;

const cases: [string, () => Uint8Array][] = [
  ['gzip', () => gzipSync(text)],
  [
    'gzip of two members',
    () => Buffer.concat([gzipSync(text.slice(0, 50)), gzipSync(text.slice(50))]),
  ],
  ['zstd', () => zstdCompressSync(text)],
  ['bzip2', () => packedBy('bzip2')],
  ['xz', () => packedBy('xz')],
  ['UTF-16, little endian', () => utf16(text)],
  ['UTF-16, big endian', () => utf16(text).swap16()],
  ['lines that end with CR and LF', () => Buffer.from(text.replaceAll('\n', '\r\n'))],
  ['UTF-16 within gzip', () => gzipSync(utf16(text.replaceAll('\n', '\r\n')))],
  ['tar', () => tar({ 'a.txt': Buffer.from(text) })],
  [
    'tar of gzip within xz',
    () => execFileSync('xz', ['-c'], { input: tar({ a: gzipSync(text) }) }),
  ],
  ['pax with a long name', () => tar({ [longName]: Buffer.from(text) }, '--format=pax')],
  ['GNU tar with a long name', () => tar({ [longName]: Buffer.from(text) }, '--format=gnu')],
];

test.each(cases)('%s is read like the plain file', async (_, pack) => {
  const bytes = pack();
  for (const chunkBytes of [7, 65_536]) {
    const imported = await importText(bytes, {}, { chunkBytes });
    expect(imported.problems).toEqual([]);
    expect(soleRun(imported).hops).toEqual(['1 198.51.100.1', '2 192.0.2.1']);
  }
});

test('each file of an archive has its own name and time', async () => {
  const files = {
    'probe.example.net_192.0.2.8_20261120T221417Z.txt': Buffer.from(text),
    'x/log.txt': Buffer.from(run(2)),
    'x/rubbish.txt': Buffer.from('rubbish\n'),
  };
  const { readings, problems } = await importText(tar(files), {}, { name: 'logs.tar' });
  const found = readings.map((one) => [one.test.source.name, one.traces[0]?.startedAt]);
  expect(found.sort()).toEqual([
    ['collector.example.net', writtenAt - 3000],
    ['probe.example.net', Date.UTC(2026, 10, 20, 22, 14, 17) / 1000],
  ]);
  expect(problems[0]?.message).toMatch(/^a file of logs\.tar:1 /);
  expect(problems[0]?.detail?.reveal()).toBe('logs.tar/./x/rubbish.txt: rubbish');
});

test.each([
  ['gzip', () => gzipSync(text.repeat(40)).subarray(0, -12)],
  ['zstd', () => zstdCompressSync(Buffer.from(text.repeat(40))).subarray(0, -12)],
  ['bzip2', () => packedBy('bzip2').subarray(0, -12)],
  ['xz', () => packedBy('xz').subarray(0, -12)],
  ['tar', () => tar({ 'a.txt': Buffer.from(text.repeat(10)) }).subarray(0, 1500)],
])('a cut file is refused with its name: %s', async (name, pack) => {
  await expect(importText(pack(), {}, { name: 'x.packed' })).rejects.toMatchObject({
    message: expect.stringMatching(
      new RegExp(`x\\.packed.*: it is damaged or incomplete \\(${name}\\)$`),
    ),
  });
});

test('a packing that is not read is named', async () => {
  const zip = Buffer.from('PK\u0003\u0004rest');
  await expect(importText(zip)).rejects.toThrow('runs.txt: it is packed with zip');
});

test('a program that is not installed is named', async () => {
  const { PATH } = process.env;
  onTestFinished(() => {
    process.env.PATH = PATH;
  });
  const bytes = packedBy('xz');
  process.env.PATH = tempDir();
  await expect(importText(bytes)).rejects.toThrow('packed with xz, which is not installed');
});

test('unpacking ends at a number of bytes, and at a number of layers', async () => {
  async function* chunks(bytes: Uint8Array) {
    yield bytes;
  }
  async function readAll(bytes: Uint8Array): Promise<void> {
    const file = { name: 'bomb', chunks: chunks(bytes), modifiedAt: null };
    for await (const inner of unpackFile(file, 1_000_000)) for await (const _ of inner.chunks);
  }
  await readAll(gzipSync(Buffer.alloc(900_000)));
  const bomb = gzipSync(Buffer.alloc(2_000_000));
  await expect(readAll(bomb)).rejects.toThrow('unpacks to more than');
  await expect(readAll(gzipSync(bomb))).rejects.toThrow('unpacks to more than');
  const deep = [1, 2, 3, 4, 5].reduce((bytes) => gzipSync(bytes), Buffer.from(text));
  await expect(readAll(deep)).rejects.toThrow('packed more than 4 times');
});
