import type { LinePiece } from './linePieces.ts';
import { addHosts, mergeRows, ttlOf } from './mtrColumns.ts';
import {
  isNarrow,
  parseHeading,
  parseOtherHost,
  parseRow,
  type ReportHeading,
  type ReportRow,
} from './reportRows.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopRow,
  maxRows,
  type OutputFormat,
} from './runDocument.ts';
import { parseWrittenTime } from './writtenTime.ts';

/** `mtr --report` and `--report-wide`. They name the measuring host, but not the target. */
export const reportFormat: OutputFormat = {
  name: 'mtr --report',
  recognizes: (text) => /^(Start|HOST): /.test(text),
  open: createReportReader,
};

const incompleteRow = 'incomplete row of a report';

function createReportReader(sink: DocumentSink): DocumentReader {
  let start: FilePosition | null = null;
  let startedAt: number | null = null;
  let heading: ReportHeading | null = null;
  let rows: ReportRow[] = [];
  let isInterrupted = false;
  let isDamaged = false;

  function reportFault(fault: string, place: FilePosition): true {
    if (!isDamaged) sink.onFault(fault, place);
    isDamaged = true;
    return true;
  }

  function addRow(line: LinePiece, ttl: number, top: ReportHeading): true {
    const row = isInterrupted ? null : parseRow(line.text, ttl, top);
    if (row === null || rows.length >= maxRows) return reportFault(incompleteRow, placeOf(line));
    rows.push(row);
    return true;
  }

  /** Reads a line between two rows: a further host of the hop above, or its MPLS labels. */
  function addOtherHost(line: LinePiece): true {
    const other = isInterrupted ? null : parseOtherHost(line.text);
    const last = rows.at(-1);
    if (other !== null && last !== undefined) {
      const add = (row: HopRow) => addHosts(row, [other]);
      const cutRow = last.cutRow && add(last.cutRow);
      rows.splice(-1, 1, { ...last, row: add(last.row), cutRow });
    }
    const isKnown = other !== null || /\[MPLS: /.test(line.text);
    return isKnown || reportFault(incompleteRow, placeOf(line));
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
    interrupt() {
      isInterrupted = true;
    },
    end() {
      const place = start ?? { line: 1, byte: 0 };
      if (heading === null) reportFault('report without its heading', place);
      if (isDamaged || heading === null) return;
      const narrow = isNarrow(heading, rows);
      const hops = mergeRows(rows.map(({ row, cutRow }) => (narrow && cutRow) || row));
      const { source } = heading;
      sink.onRun({ ...blankRun, tool: 'mtr', source, startedAt, hops }, place);
      rows = [];
    },
  };
}

function placeOf({ number, byte }: LinePiece): FilePosition {
  return { line: number, byte };
}
