import { expect, test } from 'vitest';
import { type LinePiece, readLines } from '../../../../src/sources/mtr/linePieces.ts';

async function read(text: string, chunkBytes: number): Promise<LinePiece[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  return (await Array.fromAsync(readLines(chunks()))).flat();
}

test.each([1, 3, 1000])(
  'lines have number and position for any chunks (%i bytes each), and the last lacks its end',
  async (size) => {
    expect(await read('a\nÄö\n\nlast', size)).toEqual([
      { text: 'a', number: 1, byte: 0, startsLine: true, endsLine: true },
      { text: 'Äö', number: 2, byte: 2, startsLine: true, endsLine: true },
      { text: '', number: 3, byte: 7, startsLine: true, endsLine: true },
      { text: 'last', number: 4, byte: 8, startsLine: true, endsLine: false },
    ]);
  },
);

test('a very long line is split into pieces between characters', async () => {
  for (const before of ['', 'x', 'xx', 'xxx']) {
    const long = before + '😀é'.repeat(60_000);
    const pieces = await read(`${long}\nnext`, 100_000);
    expect(pieces.length).toBeGreaterThan(4);
    expect(
      pieces
        .slice(0, -1)
        .map(({ text }) => text)
        .join(''),
    ).toBe(long);
    expect(pieces.filter(({ startsLine }) => startsLine).map(({ number }) => number)).toEqual([
      1, 2,
    ]);
    expect(pieces.at(-1)).toMatchObject({ text: 'next', byte: Buffer.byteLength(long) + 1 });
  }
});
