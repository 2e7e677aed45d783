import { createBraceScanner } from './braceScanner.ts';
import { readJsonRuns } from './jsonRun.ts';
import type { LinePiece } from './linePieces.ts';
import {
  type DocumentReader,
  type DocumentSink,
  deliver,
  type FilePosition,
  type OutputFormat,
} from './runDocument.ts';

/** Longest document, characters: an answer of OpenSearch with some 2,000 traces. */
const maxDocumentLength = 8_388_608;
/** A line that begins a document, even within another one, which is then incomplete. */
const documentStart = /^(\{|\s+\{\s*"report")/;
/** A line that holds a name and nothing else, as every version of mtr writes it. */
const nameLine = /^\s*"(src|dst|host|ASN)"\s*:\s*".*"\s*,?\s*$/;
/** A line of another format: no line of a document begins like this. */
const otherFormat = /^[a-z<]/i;
/** Text between two documents: blanks, and the brackets and commas of an array. */
const separator = /[\s,[\]]*/y;

const incompleteFault = 'incomplete JSON document';

/** `mtr --json`: documents in sequence or in an array, with or without line ends between them. */
export const jsonFormat: OutputFormat = {
  name: 'mtr --json',
  recognizes: (text) => /^\s*[[{]/.test(text),
  open: createJsonReader,
};

/** Splits the output into documents and reads a run from each. */
function createJsonReader(sink: DocumentSink): DocumentReader {
  const scanner = createBraceScanner();
  let parts: string[] = [];
  let length = 0;
  let start: FilePosition = { line: 1, byte: 0 };
  /** A document was too long; the rest of it is ignored. */
  let isSkipping = false;
  let isInterrupted = false;

  function takeDocument(): string {
    const document = parts.join('');
    parts = [];
    length = 0;
    scanner.reset();
    return document;
  }

  function deliverDocument(text: string): void {
    for (const run of readJsonRuns(text)) deliver(run, start, sink);
  }

  function abandonDocument(fault: string): void {
    if (scanner.isOpen) sink.onFault(fault, start);
    takeDocument();
  }

  function append(text: string): void {
    parts.push(text);
    length += text.length;
    if (length <= maxDocumentLength) return;
    sink.onFault('JSON document of more than 8 million characters', start);
    takeDocument();
    isSkipping = true;
  }

  /** Reads the documents of a line. False if the line holds anything else. */
  function readDocuments(line: LinePiece): boolean {
    const { text } = line;
    let index = 0;
    while (index < text.length && !isSkipping) {
      if (!scanner.isOpen) {
        index = skipSeparator(text, index);
        if (index === text.length) return true;
        if (text[index] !== '{') return false;
        start = positionIn(line, index);
      }
      const end = scanner.findEnd(text, index);
      const isComplete = !scanner.isOpen;
      append(text.slice(index, end));
      if (isComplete && !isSkipping) deliverDocument(takeDocument());
      index = end;
    }
    if (line.endsLine && scanner.isOpen) append('\n');
    return true;
  }

  return {
    readLine(line) {
      if (isInterrupted) return false;
      const { text, startsLine, endsLine } = line;
      if (startsLine) {
        scanner.startLine();
        const startsDocument = documentStart.test(text);
        const isOther = !startsDocument && otherFormat.test(text);
        if (startsDocument || isOther) abandonDocument(incompleteFault);
        if (isOther) return false;
        if (startsDocument) isSkipping = false;
      }
      if (isSkipping) return true;
      // Old versions do not escape quotes in names, so the scanner must not see them.
      const isName = scanner.isOpen && startsLine && endsLine && nameLine.test(text);
      if (!isName) return readDocuments(line);
      append(`${text}\n`);
      return true;
    },
    interrupt() {
      abandonDocument(incompleteFault);
      isInterrupted = true;
    },
    end: () => abandonDocument(incompleteFault),
  };
}

function skipSeparator(text: string, from: number): number {
  separator.lastIndex = from;
  separator.test(text);
  return separator.lastIndex;
}

function positionIn({ text, number, byte }: LinePiece, index: number): FilePosition {
  return { line: number, byte: byte + Buffer.byteLength(text.slice(0, index)) };
}
