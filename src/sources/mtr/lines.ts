/** A line of a file without its end, or a piece of a very long one. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Where the text begins in the file, bytes from 0. */
  readonly byte: number;
  /** Whether the line begins and ends with this piece. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/** Longest piece of a line, bytes: no tool writes a longer line, but JSON may come without line ends. */
const longestPiece = 65_536;

/** Cuts a file into lines: one array for each chunk read, so that memory stays at a chunk and a piece. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  const cut = createLineCutter();
  for await (const chunk of chunks) yield cut.take(chunk);
  yield cut.end();
}

interface LineCutter {
  take(chunk: Uint8Array): Line[];
  end(): Line[];
}

function createLineCutter(): LineCutter {
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  let byte = 0;
  let begins = true;

  function piece(bytes: Buffer, ends: boolean): Line {
    const isFirst = number === 1 && begins;
    const text = bytes.toString('utf8');
    const line = {
      text: (isFirst ? text.replace(/^\ufeff/, '') : text).replace(/\r$/, ''),
      number,
      byte,
      begins,
      ends,
    };
    byte += bytes.length + (ends ? 1 : 0);
    number += ends ? 1 : 0;
    begins = ends;
    return line;
  }

  return {
    take(chunk) {
      const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      const lines: Line[] = [];
      let from = 0;
      for (let at = bytes.indexOf(10, from); at !== -1; at = bytes.indexOf(10, from)) {
        lines.push(piece(bytes.subarray(from, at), true));
        from = at + 1;
      }
      while (bytes.length - from > longestPiece) {
        const end = endOfCharacter(bytes, from + longestPiece);
        lines.push(piece(bytes.subarray(from, end), false));
        from = end;
      }
      rest = Buffer.from(bytes.subarray(from));
      return lines;
    },
    end() {
      return rest.length === 0 && begins ? [] : [piece(rest, true)];
    },
  };
}

/** The nearest place at or before `at` that is not within a UTF-8 character. */
function endOfCharacter(bytes: Buffer, at: number): number {
  let end = at;
  while (end > at - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
