import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines, type TextLine } from '../../../src/lib/lines.ts';

async function lines(chunks: readonly Uint8Array[], most = 1000): Promise<TextLine[]> {
  const found: TextLine[] = [];
  for await (const line of splitLines(chunks as unknown as AsyncIterable<Uint8Array>, most)) {
    found.push(line);
  }
  return found;
}

const texts = (found: readonly TextLine[]) => found.map(({ text }) => text);

test('lines are equal for any chunks of the stream, even within a character', async () => {
  const anyLine = fc.string({ unit: fc.constantFrom('a', 'Ł', '🚫', '"', '\r'), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 8 }), fc.nat(9), async (wanted, size) => {
      const bytes = Buffer.from(wanted.map((line) => `${line}\n`).join(''));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size + 1) {
        chunks.push(bytes.subarray(at, at + size + 1));
      }
      const found = await lines(chunks);
      expect(texts(found)).toEqual(wanted);
      expect(found.map(({ number }) => number)).toEqual(wanted.map((_, index) => index + 1));
    }),
  );
});

test('a last line without its newline counts; the empty text after the last newline does not', async () => {
  expect(texts(await lines([Buffer.from('a\n\nb')]))).toEqual(['a', '', 'b']);
  expect(texts(await lines([Buffer.from('a\n')]))).toEqual(['a']);
  expect(await lines([])).toEqual([]);
});

test('a line that is too long is skipped; the next one is complete and has its number', async () => {
  const long = Buffer.alloc(300, 'x');
  const chunks = [Buffer.from('a\n'), long, long, Buffer.from('x\nb\n')];
  expect(await lines(chunks, 500)).toEqual([
    { number: 1, text: 'a' },
    { number: 2, text: null },
    { number: 3, text: 'b' },
  ]);
  expect(texts(await lines([Buffer.from('xxxxxx')], 5))).toEqual([null]);
  expect(texts(await lines([Buffer.from('xxxxx')], 5))).toEqual(['xxxxx']);
});

test('an endless line is not held in memory', async () => {
  // Other tests of this worker hold buffers too, and collecting them takes its time.
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  async function* endless() {
    for (let megabytes = 0; megabytes < 480; megabytes += 8) {
      yield Buffer.alloc(8_000_000, 'x');
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
  }
  for await (const { text } of splitLines(endless(), 1000)) expect(text).toBeNull();
  expect(most).toBeLessThan(300_000_000);
});

test('bytes that are not UTF-8 are not a line', async () => {
  expect(texts(await lines([Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a])]))).toEqual([null, 'b']);
});
