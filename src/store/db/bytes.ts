/** Thrown for stored bytes that this program did not write: the database is damaged. */
export class CorruptionError extends Error {}

/**
 * Packs numbers and text. Numbers are unsigned LEB128 (7 bits a byte, lowest first): small numbers
 * take one byte, and values may reach 2^53 - 1.
 */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** Drops the written bytes, such as those of a caller that failed halfway. */
  clear(): void {
    this.#length = 0;
  }

  /** Appends an integer from 0 to 2^53 - 1. Throws `RangeError` for anything else. */
  writeUnsigned(value: number): void {
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      throw new RangeError(`not an unsigned integer: ${value}`);
    }
    this.#reserve(8);
    let remaining = value;
    while (remaining >= 0x8000_0000) {
      this.#bytes[this.#length++] = (remaining % 128) | 0x80;
      remaining = Math.floor(remaining / 128);
    }
    while (remaining >= 0x80) {
      this.#bytes[this.#length++] = (remaining & 0x7f) | 0x80;
      remaining >>>= 7;
    }
    this.#bytes[this.#length++] = remaining;
  }

  /** Appends a text: its length in bytes, then its UTF-8. */
  writeText(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.writeUnsigned(encoded.length);
    this.writeRaw(encoded);
  }

  /** Appends bytes as they are. */
  writeRaw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Returns a copy of the written bytes and empties the writer. */
  takeBytes(): Uint8Array {
    const copy = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return copy;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/**
 * Reads what `ByteWriter` wrote, in the same order. Throws `CorruptionError` for impossible bytes.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Number of unread bytes. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next integer. */
  readUnsigned(): number {
    let byte = this.#readByte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    do {
      byte = this.#readByte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    if (value > Number.MAX_SAFE_INTEGER) throw new CorruptionError('a number is too large');
    return value;
  }

  /** Skips `count` integers. */
  skipNumbers(count: number): void {
    for (let remaining = count; remaining > 0; remaining--) while (this.#readByte() >= 0x80);
  }

  /** The unread bytes. */
  readRest(): Uint8Array {
    return this.#bytes.subarray(this.#offset);
  }

  /**
   * The next integer, as the number of entries that follow, each of at least one byte. The check
   * keeps damage from reserving endless memory.
   */
  readCount(): number {
    const count = this.readUnsigned();
    if (count > this.remaining) throw new CorruptionError('a count is larger than what follows');
    return count;
  }

  /** The next text. */
  readText(): string {
    const length = this.readCount();
    const bytes = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return new TextDecoder().decode(bytes);
  }

  #readByte(): number {
    const byte = this.#bytes[this.#offset++];
    if (byte === undefined) throw new CorruptionError('the bytes end too early');
    return byte;
  }
}
