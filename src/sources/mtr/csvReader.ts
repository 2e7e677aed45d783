import {
  type ColumnTitle,
  columnTitles,
  createHopRow,
  mergeRows,
  numberOf,
  ttlOf,
} from './mtrColumns.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopRow,
  maxRows,
  type OutputFormat,
} from './runDocument.ts';

/**
 * `mtr --csv`: a row for each hop (with `-w` for each host of a hop). Start time and target
 * separate the runs. Nothing is quoted. Collectors often drop the headers, or all but the first.
 * mtr 0.85 and 0.86 separate the values by semicolons, and write the last time only.
 */
export const csvFormat: OutputFormat = {
  name: 'mtr --csv',
  recognizes: (text) => /^(Mtr_Version,|MTR\.[^,;]*([,;])\d+\2)/.test(text),
  open: createCsvReader,
};

/** Columns after the host. `hasAsn`: the AS is between host and columns. */
interface CsvLayout {
  readonly hasAsn: boolean;
  readonly titles: readonly string[];
}

const defaultTitles = ['Loss%', 'Snt', ' ', 'Last', 'Avg', 'Best', 'Wrst', 'StDev'];
const countTitles = new Set(['Snt', 'Rcv', 'Drop', ' ']);

/** The rows of one run. */
interface CsvRun {
  readonly place: FilePosition;
  readonly head: string;
  readonly startedAt: number;
  readonly destination: string;
  readonly rows: HopRow[];
}

function createCsvReader(sink: DocumentSink): DocumentReader {
  let layout: CsvLayout | null = null;
  let context: readonly string[] = [];
  let run: CsvRun | null = null;

  function finish(): void {
    if (run === null) return;
    const { place, startedAt, destination, rows } = run;
    run = null;
    const hops = mergeRows(rows);
    sink.onRun({ ...blankRun, tool: 'mtr', destination, startedAt, hops }, place);
  }

  return {
    readLine({ text, number, byte, endsLine }) {
      if (text.startsWith('Mtr_Version,')) {
        finish();
        layout = layoutOf(text);
        context = [text];
        return true;
      }
      if (!text.startsWith('MTR.')) return false;
      const place = { line: number, byte, context };
      const fields = text.split(separatorOf(text));
      // A line that the end of the file cuts may have half a number.
      const row = oldRow.test(text) ? endsLine && oldRowOf(fields) : rowOf(fields, layout);
      if (!row || (run?.rows.length ?? 0) >= maxRows) {
        // The run of this row is unknown. The current run probably lacks this hop.
        sink.onFault('CSV row that is incomplete or has other columns than the header', place);
        run = null;
        return true;
      }
      const head = fields.slice(0, 4).join(',');
      if (run?.head !== head || row.ttl < (run.rows.at(-1)?.ttl ?? 0)) finish();
      const [, start = '', , destination = ''] = fields;
      run ??= { place, head, startedAt: Number(start), destination, rows: [] };
      run.rows.push(row);
      return true;
    },
    // Every row has the start and the target of its run, so lines between them do no harm.
    interrupt() {},
    end: finish,
  };
}

function layoutOf(header: string): CsvLayout {
  const names = header.replace(/,$/, '').split(',');
  const hasAsn = names[6] === 'Asn';
  return { hasAsn, titles: names.slice(hasAsn ? 7 : 6).map((title) => title || ' ') };
}

function rowOf(fields: readonly string[], header: CsvLayout | null): HopRow | null {
  const ttl = ttlOf(fields[4]);
  if (ttl === null || !/^\d+$/.test(fields[1] ?? '')) return null;
  const layout = header ?? { hasAsn: /^AS/.test(fields[6] ?? ''), titles: defaultTitles };
  const values = valuesOf(fields, layout.titles);
  if (values === null) return null;
  // A host name may contain a comma, so the host is the text between the fixed columns.
  const middle = fields.slice(5, values.from);
  const asn = layout.hasAsn ? middle.pop() : null;
  if (middle.length === 0) return null;
  return createHopRow(ttl, middle.join(','), asn, (title) => values.of.get(title), null);
}

function separatorOf(row: string): string {
  return oldRow.test(row) ? ';' : ',';
}

/** A row of mtr 0.85 and 0.86: host, with `-z` the AS, and the last time in microseconds. */
const oldRow = /^MTR\.[^,;]*;\d+;[^;]*;[^;]*;\d+;[^;]*(;[^;]*)?;\d+$/;
const microsecondsPerMs = 1000;

function oldRowOf(fields: readonly string[]): HopRow | null {
  const [, , , , ttlText, host = ''] = fields;
  const ttl = ttlOf(ttlText);
  const asn = fields.length > 7 ? fields[6] : null;
  const last = Number(fields.at(-1)) / microsecondsPerMs;
  if (ttl === null) return null;
  return createHopRow(ttl, host, asn, (title) => (title === 'Last' ? last : undefined), null);
}

/** The values at the end of a row by their titles, and the index of the first. */
function valuesOf(
  fields: readonly string[],
  titles: readonly string[],
): { of: ReadonlyMap<ColumnTitle, string>; from: number } | null {
  const widths = titles.map((title) => (countTitles.has(title) ? 1 : 2));
  const splitWidth = widths.reduce<number>((sum, width) => sum + width, 0);
  // With a decimal comma, every number that has decimals takes two fields.
  const isSplit = fields.slice(-splitWidth).every((field) => /^\d+$/.test(field));
  const from = fields.length - (isSplit ? splitWidth : titles.length);
  if (from < 6) return null;
  const of = new Map<ColumnTitle, string>();
  let at = from;
  for (const [index, title] of titles.entries()) {
    const width = isSplit ? (widths[index] ?? 1) : 1;
    const value = fields.slice(at, at + width).join('.');
    if (Number.isNaN(numberOf(value)) && title !== ' ') return null;
    const known = title === ' ' ? 'Drop' : columnTitles.find((one) => one === title);
    if (known !== undefined) of.set(known, value);
    at += width;
  }
  return { of, from };
}
