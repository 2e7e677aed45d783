import { readJsonRun } from './jsonRun.ts';
import type { LinePiece } from './linePieces.ts';
import {
  type DocumentReader,
  type DocumentSink,
  deliver,
  type FilePosition,
  type OutputFormat,
} from './runDocument.ts';

/** Longest document, characters: 255 hops with every column are a tenth of it. */
const maxDocumentLength = 1_048_576;
/** A line that holds a name and no more, as every version of mtr writes it. */
const nameLine = /^\s*"(src|dst|host|ASN)"\s*:\s*".*"\s*,?\s*$/;
/** No line of a document begins like this, but those of other forms do. */
const otherFormat = /^[a-z<]/i;
const [quote, backslash, open, close] = [0x22, 0x5c, 0x7b, 0x7d];

/** `mtr --json`: documents one after the other, one a line, or in an array; with or without line ends between. */
export const jsonFormat: OutputFormat = {
  recognizes: (text) => /^\s*[[{]/.test(text),
  open: createJsonReader,
};

/**
 * Cuts the documents out by their braces. A line that begins as a document does begins one even within another, which is
 * then a half-written one. Old versions write names with unescaped quotes: in lines of names no brace
 * counts, and no text crosses the end of a line.
 */
function createJsonReader(sink: DocumentSink): DocumentReader {
  let parts: string[] = [];
  let length = 0;
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  let isSkipping = false;
  let start: FilePosition = { line: 1, byte: 0 };

  function reset(): void {
    parts = [];
    length = 0;
    depth = 0;
  }

  function abandonDocument(message: string): void {
    if (depth > 0) sink.onFault(message, start);
    reset();
  }

  function add(text: string): void {
    parts.push(text);
    length += text.length;
    if (length <= maxDocumentLength) return;
    abandonDocument('a JSON document without end');
    isSkipping = true;
  }

  /** Index of the brace that ends the document, or the length of the text; `from` is within the document. */
  function findDocumentEnd(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (isEscaped) isEscaped = false;
      else if (inText && code === backslash) isEscaped = true;
      else if (code === quote) inText = !inText;
      else if (inText) continue;
      else if (code === open) depth += 1;
      else if (code === close) {
        depth -= 1;
        if (depth === 0) return at;
      }
    }
    return text.length;
  }

  /** Whether all of the text from `from` on is within documents or between those of an array. */
  function read(line: LinePiece, from: number): boolean {
    let at = from;
    while (at < line.text.length) {
      if (depth === 0) {
        const begin = /[^\s,[\]]/g;
        begin.lastIndex = at;
        at = begin.exec(line.text)?.index ?? line.text.length;
        if (at === line.text.length) return true;
        if (line.text.charCodeAt(at) !== open) return false;
        start = { line: line.number, byte: line.byte + Buffer.byteLength(line.text.slice(0, at)) };
      }
      const end = findDocumentEnd(line.text, at);
      add(line.text.slice(at, end + 1));
      at = end + 1;
      if (depth === 0 && !isSkipping) {
        deliver(readJsonRun(parts.join('')), start, sink);
        reset();
      }
    }
    if (line.endsLine && depth > 0) add('\n');
    return true;
  }

  return {
    readLine(line) {
      if (line.startsLine) {
        inText = false;
        isEscaped = false;
        if (/^(\{|\s+\{\s*"report")/.test(line.text)) {
          abandonDocument('a JSON document that breaks off');
          isSkipping = false;
        } else if (otherFormat.test(line.text)) {
          abandonDocument('a JSON document that breaks off');
          return false;
        }
      }
      if (isSkipping) return true;
      if (depth === 0 || !line.startsLine || !line.endsLine || !nameLine.test(line.text)) {
        return read(line, 0);
      }
      add(`${line.text}\n`);
      return true;
    },
    end: () => abandonDocument('a JSON document that breaks off'),
  };
}
