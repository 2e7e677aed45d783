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

/** All formats. The first line of a document identifies its format. */
const formats: readonly OutputFormat[] = [
  jsonFormat,
  xmlFormat,
  reportFormat,
  csvFormat,
  rawFormat,
  tracerouteFormat,
  tracepathFormat,
];

/** Longest quotation of a line that is not part of a document. */
const maxQuoteLength = 80;

/**
 * Reads documents in any sequence of formats. Consecutive lines that are not part of a document are
 * one fault.
 */
export function createDocumentReader(sink: DocumentSink): DocumentReader {
  let reader: DocumentReader | null = null;
  let stray: { place: FilePosition; text: string; lines: number } | null = null;

  function reportStray(): void {
    if (stray === null) return;
    const { place, text, lines } = stray;
    const more = lines === 1 ? '' : ` and ${lines - 1} more`;
    sink.onFault(`not output of mtr, traceroute or tracepath: ${text}${more}`, place);
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
