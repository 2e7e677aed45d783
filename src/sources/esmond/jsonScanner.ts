const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
export const quote = 0x22;
export const comma = 0x2c;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
export const colon = 0x3a;
export const openBracket = 0x5b;
const backslash = 0x5c;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/** Digits of a number that a double holds exactly. */
const exactDigits = 15;
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);

/** Bytes that `acceptCopy` compares at once. */
const wordBytes = 4;

/**
 * Moves forward through JSON in UTF-8 without creating values. It only finds where values begin and
 * end; whether they are JSON shows when they are parsed.
 */
export class JsonScanner {
  /** Offset of the next byte. */
  position = 0;
  readonly #bytes: Buffer;
  readonly #words: DataView;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Skips white space. Returns the next byte, undefined at the end. */
  peek(): number | undefined {
    let byte = this.#bytes[this.position];
    while (byte === space || byte === lineFeed || byte === carriageReturn || byte === tab)
      byte = this.#bytes[++this.position];
    return byte;
  }

  /** Skips white space, and the next byte if it is this one. */
  accept(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.position += 1;
    return true;
  }

  /** Skips a name in quotes, without white space within, and its colon, if they follow. */
  acceptName(name: string): boolean {
    if (this.peek() !== quote) return false;
    const start = this.position + 1;
    const end = start + name.length;
    if (this.#bytes[end] !== quote || this.text(start, end) !== name) return false;
    this.position = end + 1;
    return this.accept(colon);
  }

  /** Skips the bytes that follow if they equal those between two earlier offsets. */
  acceptCopy(from: number, to: number): boolean {
    const words = this.#words;
    const distance = this.position - from;
    if (to + distance > words.byteLength) return false;
    let at = from;
    for (; at + wordBytes <= to; at += wordBytes)
      if (words.getInt32(at) !== words.getInt32(at + distance)) return false;
    for (; at < to; at += 1) if (words.getInt8(at) !== words.getInt8(at + distance)) return false;
    this.position += to - from;
    return true;
  }

  /**
   * Skips a number without sign and exponent, and returns it as JSON defines it. NaN for anything
   * else.
   */
  readNumber(): number {
    const bytes = this.#bytes;
    const start = this.position;
    let at = start;
    let digits = 0;
    for (; isDigit(bytes[at]); at += 1) digits = 10 * digits + (bytes[at] as number) - zero;
    if (at === start || (at > start + 1 && bytes[start] === zero)) return Number.NaN;
    const decimalsFrom = bytes[at] === dot ? at + 1 : at;
    if (decimalsFrom > at) {
      at = decimalsFrom;
      for (; isDigit(bytes[at]); at += 1) digits = 10 * digits + (bytes[at] as number) - zero;
      if (at === decimalsFrom) return Number.NaN;
    }
    this.position = at;
    if (at - start > exactDigits) return Number(this.text(start, at));
    // Both are exact, so that the quotient is rounded once, like the number itself.
    return digits / (powersOfTen[at - decimalsFrom] as number);
  }

  /** Skips white space and a value. False at the end of the text. */
  skipValue(): boolean {
    const first = this.peek();
    if (first === quote) return this.#skipString();
    return first === openBrace || first === openBracket ? this.#skipNested() : this.#skipWord();
  }

  /** The bytes between two offsets as text, with one character for each byte. */
  text(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to);
  }

  /** The bytes between two offsets as JSON text. */
  json(from: number, to: number): string {
    return this.#bytes.toString('utf8', from, to);
  }

  /** Skips an object or a list. Its brackets need not match. */
  #skipNested(): boolean {
    let depth = 0;
    for (let byte = this.peek(); byte !== undefined; byte = this.#bytes[this.position]) {
      if (byte !== quote) this.position += 1;
      else if (!this.#skipString()) return false;
      if (byte === openBrace || byte === openBracket) depth += 1;
      else if (byte === closeBrace || byte === closeBracket) depth -= 1;
      if (depth === 0) return true;
    }
    return false;
  }

  #skipString(): boolean {
    const bytes = this.#bytes;
    for (let at = this.position + 1; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === backslash) at += 1;
      else if (byte === quote) {
        this.position = at + 1;
        return true;
      }
    }
    return false;
  }

  #skipWord(): boolean {
    const start = this.position;
    for (let byte = this.peek(); byte !== undefined; byte = this.#bytes[this.position]) {
      if (isWordEnd(byte)) break;
      this.position += 1;
    }
    return this.position > start;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isWordEnd(byte: number): boolean {
  return byte <= space || byte === comma || byte === closeBrace || byte === closeBracket;
}
