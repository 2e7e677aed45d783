/** Reads bytes in pieces of any length. */
export interface PieceReader {
  /** Bytes consumed. */
  readonly position: number;
  /** The next bytes, without consuming them; fewer at the end, or in front of an error. */
  peek(count: number): Promise<Buffer>;
  /** Consumes up to so many bytes, as they arrive. */
  take(count: number): AsyncGenerator<Uint8Array>;
}

/** A reader of these chunks. */
export function createPieceReader(chunks: AsyncIterable<Uint8Array>): PieceReader {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  /** Thrown once the bytes in front of it are consumed. */
  let failure: { readonly error: unknown } | null = null;

  async function* take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (rest.length === 0) {
        if (failure !== null) throw failure.error;
        const next = await iterator.next();
        if (next.done === true) return;
        rest = Buffer.from(next.value);
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      position += piece.length;
      yield piece;
    }
  }

  return {
    get position() {
      return position;
    },
    take,
    async peek(count) {
      const pieces: Uint8Array[] = [];
      try {
        for await (const piece of take(count)) pieces.push(piece);
      } catch (error) {
        failure = { error };
      }
      const peeked = Buffer.concat(pieces);
      rest = Buffer.concat([peeked, rest]);
      position -= peeked.length;
      return peeked;
    },
  };
}
