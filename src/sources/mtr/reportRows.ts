import { responderAddress } from '../probeValues.ts';
import { type ColumnTitle, columnTitles, createHopRow } from './mtrColumns.ts';
import type { HopAnswer, HopRow } from './runDocument.ts';

/** The heading of a report. */
export interface ReportHeading {
  readonly source: string | null;
  readonly titles: readonly ColumnTitle[];
  /** End of the first column of values. */
  readonly firstEnd: number;
}

/** A row, and the same row with its host as a truncated name, if it may be one. */
export interface ReportRow {
  readonly row: HopRow;
  readonly cutRow: HopRow | null;
  /** End of the host, columns. */
  readonly hostEnd: number;
}

/** Without `-w`, the values start at this column and overwrite longer names. */
const cutAt = 33;
/** Widest column of values. */
const maxValueWidth = 10;

/** Parses the heading. */
export function parseHeading(text: string): ReportHeading {
  const words = [...text.matchAll(/\S+/g)];
  const isTitle = (word: string) => (columnTitles as readonly string[]).includes(word);
  let first = words.length;
  while (first > 1 && isTitle(words[first - 1]?.[0] ?? '')) first -= 1;
  const titles = words.slice(first).map(([word]) => word as ColumnTitle);
  const firstTitle = words[first];
  const end = firstTitle === undefined ? 0 : firstTitle.index + firstTitle[0].length;
  return { source: text.slice(5, firstTitle?.index).trim() || null, titles, firstEnd: end };
}

/**
 * Whether a report truncates its hosts. In a wide one, the values start behind the longest host.
 */
export function isNarrow({ firstEnd }: ReportHeading, rows: readonly ReportRow[]): boolean {
  const width = firstEnd - cutAt;
  return width > 0 && width <= maxValueWidth && rows.every(({ hostEnd }) => hostEnd <= cutAt);
}

/** Parses a row; null if it does not have these columns. */
export function parseRow(text: string, ttl: number, { titles }: ReportHeading): ReportRow | null {
  const pattern = new RegExp(`^(.*?)((?:\\s+\\d+(?:[.,]\\d*)?%?){${titles.length}})\\s*$`);
  const [, front = '', figures] = pattern.exec(text) ?? [];
  if (figures === undefined) return null;
  const values = figures.trim().split(/\s+/);
  const [, bar, written = ''] = /^\s*\d+\.(\|--)?\s*(.*?)\s*$/s.exec(front) ?? [];
  // Without the bar, the AS precedes the host, or another column of `-y`.
  const [, asn = null, host = written] =
    bar === undefined ? (/^(\S+)\s+(.*)$/s.exec(written) ?? []) : [];
  if (host === '') return null;
  const columns = (title: ColumnTitle) => values[titles.indexOf(title)];
  const hostEnd = front.trimEnd().length;
  return {
    row: createHopRow(ttl, host, asn, columns, null),
    cutRow: hostEnd === cutAt ? createHopRow(ttl, `${host}…`, asn, columns, null) : null,
    hostEnd,
  };
}

/**
 * Parses a line between two rows that names a further host of the hop above: a name or an address,
 * perhaps after its AS, in older versions after the lines of a tree. null for anything else.
 */
export function parseOtherHost(text: string): HopAnswer | null {
  const written = text.replace(/^[\s|`-]+/, '').trimEnd();
  const host = /\S+( \([^()\s]+\))?$/.exec(written)?.[0] ?? '';
  const asn = written.slice(0, -host.length).trim();
  const isAddress = /^[\d.:]+$/.test(host);
  const isHost = isAddress ? responderAddress(host) !== null : /[.:]/.test(host);
  if (!isHost || /\s/.test(asn)) return null;
  return createHopRow(1, host, asn, () => undefined, null).answers[0] ?? null;
}
