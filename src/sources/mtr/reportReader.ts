import type { LinePiece } from './linePieces.ts';
import { addHosts, mergeRows, ttlOf } from './mtrColumns.ts';
import { parseHeading, parseOtherHost, parseRow, type ReportHeading } from './reportRows.ts';
import {
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopRow,
  maxRows,
  type OutputFormat,
} from './runDocument.ts';
import { parseWrittenTime } from './writtenTime.ts';

/** `mtr --report` and `--report-wide`. They tell the measuring host, but not what was asked for. */
export const reportFormat: OutputFormat = {
  recognizes: (text) => /^(Start|HOST): /.test(text),
  open: createReportReader,
};

function createReportReader(sink: DocumentSink): DocumentReader {
  let start: FilePosition | null = null;
  let startedAt: number | null = null;
  let heading: ReportHeading | null = null;
  let rows: HopRow[] = [];
  let isDamaged = false;

  function reportFault(fault: string, place: FilePosition): true {
    if (!isDamaged) sink.onFault(fault, place);
    isDamaged = true;
    return true;
  }

  function addRow(line: LinePiece, ttl: number, top: ReportHeading): true {
    const row = parseRow(line.text, ttl, top);
    if (row === null || rows.length >= maxRows)
      return reportFault('a row of a report that breaks off', placeOf(line));
    rows.push(row);
    return true;
  }

  /** A line between two rows: a further host of the hop above, or its MPLS labels. */
  function addOtherHost(line: LinePiece): true {
    const other = parseOtherHost(line.text);
    const last = rows.at(-1);
    if (other !== null && last !== undefined) rows.splice(-1, 1, addHosts(last, [other]));
    const isKnown = other !== null || /\[MPLS: /.test(line.text);
    return isKnown || reportFault('a row of a report that breaks off', placeOf(line));
  }

  return {
    readLine(line) {
      const { text } = line;
      start ??= placeOf(line);
      if (text.startsWith('Start: ')) {
        if (startedAt !== null || heading !== null) return false;
        startedAt = parseWrittenTime(text.slice(7));
        return true;
      }
      if (text.startsWith('HOST: ')) {
        if (heading !== null) return false;
        heading = parseHeading(text);
        return true;
      }
      if (heading === null || text.trim() === '') return false;
      const ttl = ttlOf(/^\s*(\d{1,3})\.(\|--)?(\s|$)/.exec(text)?.[1]);
      if (ttl !== null) return addRow(line, ttl, heading);
      return rows.length > 0 && /^\s/.test(text) && addOtherHost(line);
    },
    end() {
      const place = start ?? { line: 1, byte: 0 };
      if (heading === null) reportFault('a report without its heading', place);
      if (isDamaged || heading === null) return;
      sink.onRun(
        {
          tool: 'mtr',
          source: heading.source,
          destination: null,
          destinationAddress: null,
          startedAt,
          hops: mergeRows(rows),
          reached: null,
          pathMtu: null,
          packetBytes: null,
        },
        place,
      );
      rows = [];
    },
  };
}

function placeOf({ number, byte }: LinePiece): FilePosition {
  return { line: number, byte };
}
