import { cleanText } from '../../lib/text.ts';
import { csvFormat } from './csvReader.ts';
import { jsonFormat } from './jsonReader.ts';
import type { LinePiece } from './linePieces.ts';
import { rawFormat } from './rawReader.ts';
import { reportFormat } from './reportReader.ts';
import type { DocumentReader, DocumentSink, FilePosition, OutputFormat } from './runDocument.ts';
import { tracepathFormat } from './tracepathReader.ts';
import { tracerouteFormat } from './tracerouteReader.ts';
import { xmlFormat } from './xmlReader.ts';

/** Every form of output that can be told by its first line. */
const formats: readonly OutputFormat[] = [
  jsonFormat,
  xmlFormat,
  reportFormat,
  csvFormat,
  rawFormat,
  tracerouteFormat,
  tracepathFormat,
];

/** Longest text of a line that is quoted when it belongs to no document. */
const maxQuoteLength = 80;

/**
 * Reads lines in which documents of any form follow each other, also of different forms. What belongs to none is told once
 * for each stretch of lines.
 */
export function createDocumentReader(sink: DocumentSink): DocumentReader {
  let reader: DocumentReader | null = null;
  let stray: { place: FilePosition; text: string; lines: number } | null = null;

  function reportStray(): void {
    if (stray === null) return;
    const { place, text, lines } = stray;
    const more = lines === 1 ? '' : ` and ${lines - 1} more lines`;
    sink.onFault(`no output of mtr, traceroute or tracepath: ${text}${more}`, place);
    stray = null;
  }

  function finish(): void {
    reader?.end();
    reader = null;
  }

  function addStray({ text, number, byte, startsLine }: LinePiece): void {
    if (text.trim() === '') return;
    stray ??= {
      place: { line: number, byte },
      text: JSON.stringify(cleanText(text, maxQuoteLength) ?? ''),
      lines: 0,
    };
    if (startsLine) stray.lines += 1;
  }

  return {
    readLine(line) {
      if (reader?.readLine(line)) return true;
      finish();
      const format = line.startsLine
        ? formats.find(({ recognizes }) => recognizes(line.text))
        : undefined;
      const next = format?.open(sink);
      if (next?.readLine(line)) {
        reportStray();
        reader = next;
      } else addStray(line);
      return true;
    },
    end() {
      finish();
      reportStray();
    },
  };
}
