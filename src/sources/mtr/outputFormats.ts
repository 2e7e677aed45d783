import { csvFormat } from './csvReader.ts';
import { jsonFormat } from './jsonReader.ts';
import type { LinePiece } from './linePieces.ts';
import { pschedulerTextFormat } from './pschedulerReader.ts';
import { rawFormat } from './rawReader.ts';
import { reportFormat } from './reportReader.ts';
import type {
  DocumentReader,
  DocumentSink,
  FilePosition,
  OutputFormat,
  RunDocument,
} from './runDocument.ts';
import { parseTimeLine } from './timeLine.ts';
import { tracepathFormat } from './tracepathReader.ts';
import { isHeadingNote } from './tracerouteHeading.ts';
import { tracerouteFormat } from './tracerouteReader.ts';
import { xmlFormat } from './xmlReader.ts';

/** All formats. The first line of a document identifies its format. */
const formats: readonly OutputFormat[] = [
  jsonFormat,
  xmlFormat,
  reportFormat,
  csvFormat,
  rawFormat,
  pschedulerTextFormat,
  tracerouteFormat,
  tracepathFormat,
];

/** Longest quotation of a line that is not part of a document, characters. */
const maxQuoteLength = 200;

/**
 * Reads documents in any sequence of formats. A document begins only at its first line. A line that
 * is nothing but a time is the time of the runs behind it.
 * Consecutive lines that are not part of a document are one fault.
 */
export function createDocumentReader(sink: DocumentSink): FileReader {
  const stray = createStrayLines(sink);
  let reader: DocumentReader | null = null;
  let timed = sink;
  let hasNewTime = false;

  /** Ends the last document, which is older than a time line behind it. */
  function endDocument(): void {
    reader?.end();
    reader = null;
    if (hasNewTime) sink.onTimeLine();
    hasNewTime = false;
  }

  /** Opens a reader of the document that begins with this line. False without one. */
  function openDocument(line: LinePiece): boolean {
    const format = line.startsLine
      ? formats.find(({ recognizes }) => recognizes(line.text))
      : undefined;
    if (format === undefined) return false;
    endDocument();
    reader = format.open(withFormat(timed, format.name));
    return reader.readLine(line);
  }

  return {
    readLine(line) {
      if (reader?.readLine(line) || openDocument(line)) {
        stray.report();
        return;
      }
      if (isHeadingNote(line.text)) return;
      reader?.interrupt();
      const writtenAt = line.startsLine && line.endsLine ? parseTimeLine(line.text) : null;
      if (writtenAt === null) stray.add(line);
      else {
        timed = withTime(sink, writtenAt, line.text);
        hasNewTime = true;
      }
    },
    end() {
      endDocument();
      stray.report();
    },
  };
}

function withFormat(sink: DocumentSink, format: string): DocumentSink {
  const { onRun } = sink;
  return { ...sink, onRun: (run, place) => onRun(run, { ...place, format: run.format ?? format }) };
}

/** A sink that gives the runs without a time that of this line, but no two runs to one target. */
function withTime(sink: DocumentSink, writtenAt: number, line: string): DocumentSink {
  const targets = new Set<string>();
  const isFirst = ({ tool, destination, destinationAddress }: RunDocument) => {
    const key = `${tool} ${destination} ${destinationAddress}`;
    return !targets.has(key) && targets.add(key);
  };
  return {
    ...sink,
    onRun(run, place) {
      const startedAt = run.startedAt ?? (isFirst(run) ? writtenAt : null);
      sink.onRun({ ...run, startedAt }, { ...place, context: [line, ...(place.context ?? [])] });
    },
  };
}

/** Reads the lines of a file. */
interface FileReader {
  readLine(line: LinePiece): void;
  end(): void;
}

/** Collects consecutive lines that are not part of a document. */
function createStrayLines(sink: DocumentSink): { add(line: LinePiece): void; report(): void } {
  let stray: { place: FilePosition; text: string; lines: number } | null = null;
  return {
    add({ text, number, byte, startsLine }) {
      if (text.trim() === '') return;
      stray ??= {
        place: { line: number, byte },
        text: text.slice(0, maxQuoteLength),
        lines: 0,
      };
      if (startsLine) stray.lines += 1;
    },
    report() {
      if (stray === null) return;
      const { place, text, lines } = stray;
      const count = lines > 1 ? ` (${lines} lines)` : '';
      sink.onFault(`not output of a program that pstrace reads${count}`, place, text);
      stray = null;
    },
  };
}
