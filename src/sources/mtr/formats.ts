import { cleanText } from '../../lib/text.ts';
import { csvFormat } from './csvReader.ts';
import type { Format, Place, Reader, Sink } from './document.ts';
import { jsonFormat } from './jsonReader.ts';
import type { Line } from './lines.ts';
import { rawFormat } from './rawReader.ts';
import { reportFormat } from './reportReader.ts';
import { tracepathFormat } from './tracepathReader.ts';
import { tracerouteFormat } from './tracerouteReader.ts';
import { xmlFormat } from './xmlReader.ts';

/** Every form of output that can be told by its first line. */
const formats: readonly Format[] = [
  jsonFormat,
  xmlFormat,
  reportFormat,
  csvFormat,
  rawFormat,
  tracerouteFormat,
  tracepathFormat,
];

/** Longest text of a line that is quoted when it belongs to no document. */
const longestQuote = 80;

/**
 * Reads lines in which documents of any form follow each other, also of different forms. What belongs to none is told once
 * for each stretch of lines.
 */
export function createDocumentReader(sink: Sink): Reader {
  let reader: Reader | null = null;
  let stray: { place: Place; text: string; lines: number } | null = null;

  function tellStray(): void {
    if (stray === null) return;
    const { place, text, lines } = stray;
    const more = lines === 1 ? '' : ` and ${lines - 1} more lines`;
    sink.damage(`no output of mtr, traceroute or tracepath: ${text}${more}`, place);
    stray = null;
  }

  function finish(): void {
    reader?.end();
    reader = null;
  }

  function takeStray({ text, number, byte, begins }: Line): void {
    if (text.trim() === '') return;
    stray ??= {
      place: { line: number, byte },
      text: JSON.stringify(cleanText(text, longestQuote) ?? ''),
      lines: 0,
    };
    if (begins) stray.lines += 1;
  }

  return {
    take(line) {
      if (reader?.take(line)) return true;
      finish();
      const format = line.begins ? formats.find(({ begins }) => begins(line.text)) : undefined;
      const next = format?.open(sink);
      if (next?.take(line)) {
        tellStray();
        reader = next;
      } else takeStray(line);
      return true;
    },
    end() {
      finish();
      tellStray();
    },
  };
}
