import { isUtf8 } from 'node:buffer';

/** One line of a text, counted from 1; `text` is null when it was longer than allowed or no UTF-8. */
export interface TextLine {
  readonly number: number;
  readonly text: string | null;
}

const newline = 10;

/**
 * Splits a stream of bytes into its lines; a line of more than `mostBytes` is skipped without being held in memory. An
 * empty last line, after the last newline, is none.
 */
export async function* splitLines(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<TextLine> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 0;

  function finishLine(): TextLine {
    number += 1;
    const text = length > maxBytes ? null : decodeUtf8(Buffer.concat(parts));
    parts = [];
    length = 0;
    return { number, text };
  }

  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      appendPart(chunk.subarray(from, end));
      yield finishLine();
      from = end + 1;
    }
    appendPart(chunk.subarray(from));
  }
  if (length > 0) yield finishLine();

  function appendPart(part: Uint8Array): void {
    length += part.length;
    if (length > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  }
}

function decodeUtf8(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}
