const minBytes = 65_536;
/** Larger buffers are not used again. */
const maxReusedBytes = 2_097_152;

/** Bytes that arrive in chunks. */
export class BodyBuffer {
  #bytes = Buffer.allocUnsafeSlow(minBytes);
  #length = 0;

  /** Appends a copy of a chunk. */
  append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * length);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** The appended bytes, until the buffer is used again. */
  content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Drops the content. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > maxReusedBytes) this.#bytes = Buffer.allocUnsafeSlow(minBytes);
  }
}

/**
 * Calls `work` with an empty buffer, which later calls use again. Bytes outside of the heap cause
 * collections of the whole heap, so a client that receives hundreds of megabytes uses few buffers.
 */
export type WithBodyBuffer = <T>(work: (buffer: BodyBuffer) => Promise<T>) => Promise<T>;

/** The buffers of one client, as many as it receives bodies in parallel. */
export function createBodyBuffers(): WithBodyBuffer {
  const free: BodyBuffer[] = [];
  return async (work) => {
    const buffer = free.pop() ?? new BodyBuffer();
    try {
      return await work(buffer);
    } finally {
      buffer.clear();
      free.push(buffer);
    }
  };
}
