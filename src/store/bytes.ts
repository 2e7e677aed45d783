/** Thrown when stored bytes are not what this program wrote: the database is damaged. */
export class DamagedBody extends Error {}

/**
 * Packs numbers and text. Numbers are unsigned LEB128 (7 bits a byte, lowest first): small numbers take one byte,
 * no byte order to care for, no largest value short of 2^53.
 */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** Drops what was written, as by a caller that failed half-way. */
  clear(): void {
    this.#length = 0;
  }

  /** Appends an integer from 0 to 2^53 - 1; anything else is a bug of the caller. */
  unsigned(value: number): void {
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      throw new RangeError(`not an unsigned integer: ${value}`);
    }
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x8000_0000) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Appends a text as its length in bytes and its UTF-8. */
  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.unsigned(encoded.length);
    this.raw(encoded);
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written; the writer is empty and ready again. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote, in the same order. Throws `DamagedBody` at the first thing that cannot be. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** The next integer. */
  unsigned(): number {
    let byte = this.#byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    do {
      byte = this.#byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    if (value > Number.MAX_SAFE_INTEGER) throw new DamagedBody('a number is too large');
    return value;
  }

  /** Passes over so many integers. */
  skip(count: number): void {
    for (let left = count; left > 0; left--) while (this.#byte() >= 0x80);
  }

  /** All bytes not read yet. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** The next integer when it counts things of at least one byte each, so that damage never asks for endless room. */
  count(): number {
    const count = this.unsigned();
    if (count > this.left) throw new DamagedBody('a count is larger than what follows');
    return count;
  }

  /** The next text. */
  text(): string {
    const length = this.count();
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return new TextDecoder().decode(bytes);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DamagedBody('the bytes end too early');
    return byte;
  }
}
