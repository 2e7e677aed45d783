import { isUtf8 } from 'node:buffer';

/** A line of a text, numbered from 1; `text` is null if the line is too long or not UTF-8. */
export interface TextLine {
  readonly number: number;
  readonly text: string | null;
}

const newline = 10;

/**
 * Splits a stream of bytes into lines. A line of more than `maxBytes` is skipped without being held
 * in memory. The empty text after the last newline is not a line.
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
