const [quote, backslash, openingBrace, closingBrace] = [0x22, 0x5c, 0x7b, 0x7d];

/** Finds the ends of JSON documents in pieces of text by counting braces outside strings. */
export interface BraceScanner {
  /** A document has begun and not ended. */
  readonly isOpen: boolean;
  /** Discards an unfinished document. */
  reset(): void;
  /** Ends an unfinished string: in the output of mtr, no string crosses the end of a line. */
  startLine(): void;
  /**
   * The index after the brace that ends the document, or the length of `text` if the document
   * continues. `from` is in the document, or at its first brace.
   */
  findEnd(text: string, from: number): number;
}

/** A scanner outside a document. */
export function createBraceScanner(): BraceScanner {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  return {
    get isOpen() {
      return depth > 0;
    },
    reset() {
      depth = 0;
    },
    startLine() {
      isInString = false;
      isEscaped = false;
    },
    findEnd(text, from) {
      for (let index = from; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (isEscaped) isEscaped = false;
        else if (isInString && code === backslash) isEscaped = true;
        else if (code === quote) isInString = !isInString;
        else if (isInString) continue;
        else if (code === openingBrace) depth += 1;
        else if (code === closingBrace) {
          depth -= 1;
          if (depth === 0) return index + 1;
        }
      }
      return text.length;
    },
  };
}
