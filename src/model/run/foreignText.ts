/**
 * Words of another party: an error text of a server, a line of a file, a name in a template. They
 * may quote secrets, files or responses of inner hosts, so only the log shows them. As they are no
 * string, no message, page or record can contain them by mistake.
 */
export class ForeignText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The words as they came. Only the log may call this. */
  reveal(): string {
    return this.#text;
  }

  /** The words behind their place, such as a file. */
  after(place: string): ForeignText {
    return new ForeignText(`${place}: ${this.#text}`);
  }

  /** Templates show this in place of the words. */
  toString(): string {
    return '(see the log)';
  }

  /** JSON omits the words. */
  toJSON(): undefined {
    return undefined;
  }
}

/** Characters of other parties that are worth keeping; the log shows fewer. */
const maxLength = 2000;

/** The words in a value from outside; null unless it is a text. */
export function foreignText(value: unknown): ForeignText | null {
  return typeof value === 'string' && value !== ''
    ? new ForeignText(value.slice(0, maxLength))
    : null;
}
