import { isUtf8 } from 'node:buffer';

/** One line of a text, counted from 1; `text` is null when it was longer than allowed or no UTF-8. */
export interface Line {
  readonly number: number;
  readonly text: string | null;
}

const newline = 10;

/**
 * Splits a stream of bytes into its lines; a line of more than `mostBytes` is skipped without being held in memory. An
 * empty last line, after the last newline, is none.
 */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 0;

  function take(): Line {
    number += 1;
    const text = length > mostBytes ? null : decoded(Buffer.concat(parts));
    parts = [];
    length = 0;
    return { number, text };
  }

  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    keep(chunk.subarray(from));
  }
  if (length > 0) yield take();

  function keep(part: Uint8Array): void {
    length += part.length;
    if (length > mostBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  }
}

function decoded(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}
