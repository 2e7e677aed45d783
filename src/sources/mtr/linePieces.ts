/** A line of a file without its end, or a piece of a very long one. */
export interface LinePiece {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Position of the text in the file, bytes from 0. */
  readonly byte: number;
  /** Whether the line begins and ends with this piece. */
  readonly startsLine: boolean;
  readonly endsLine: boolean;
}

/** Longest piece of a line, bytes. Only JSON without line ends has longer lines. */
const maxPieceBytes = 65_536;

/**
 * Splits a file into lines, one array per chunk, so that memory holds only a chunk and a piece.
 * `from` is the position of the first byte.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  from: Pick<LinePiece, 'number' | 'byte'> = { number: 1, byte: 0 },
): AsyncGenerator<LinePiece[]> {
  const splitter = createLineSplitter(from);
  for await (const chunk of chunks) yield splitter.push(chunk);
  yield splitter.end();
}

interface LineSplitter {
  push(chunk: Uint8Array): LinePiece[];
  end(): LinePiece[];
}

function createLineSplitter(from: Pick<LinePiece, 'number' | 'byte'>): LineSplitter {
  let rest: Buffer = Buffer.alloc(0);
  let { number, byte } = from;
  let startsLine = true;

  function piece(bytes: Buffer, endsLine: boolean): LinePiece {
    const isFirst = number === 1 && startsLine;
    const text = bytes.toString('utf8');
    const line = {
      text: (isFirst ? text.replace(/^\ufeff/, '') : text).replace(/\r$/, ''),
      number,
      byte,
      startsLine,
      endsLine,
    };
    byte += bytes.length + (endsLine ? 1 : 0);
    number += endsLine ? 1 : 0;
    startsLine = endsLine;
    return line;
  }

  return {
    push(chunk) {
      const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      const lines: LinePiece[] = [];
      let from = 0;
      for (let at = bytes.indexOf(10, from); at !== -1; at = bytes.indexOf(10, from)) {
        lines.push(piece(bytes.subarray(from, at), true));
        from = at + 1;
      }
      while (bytes.length - from > maxPieceBytes) {
        const end = endOfCharacter(bytes, from + maxPieceBytes);
        lines.push(piece(bytes.subarray(from, end), false));
        from = end;
      }
      rest = Buffer.from(bytes.subarray(from));
      return lines;
    },
    end() {
      return rest.length === 0 && startsLine ? [] : [piece(rest, false)];
    },
  };
}

/** The last position up to `at` that is not inside a UTF-8 character. */
function endOfCharacter(bytes: Buffer, at: number): number {
  let end = at;
  while (end > at - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
