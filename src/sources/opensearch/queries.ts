import type { StreamCursor } from '../../model/run/streamPosition.ts';
import type { Interval } from '../../model/trace/trace.ts';
import type { Dialect } from './dialect.ts';

/** The body of a search. */
export type SearchBody = Readonly<Record<string, unknown>>;

/** Values of the last document of a page, after which the next page begins; null for the first. */
export type PageEnd = readonly unknown[] | null;

/** A page of a search. */
export interface PageRequest {
  readonly size: number;
  readonly after: PageEnd;
  /** Without the documents themselves, to step over one that is too large. */
  readonly isBlind?: boolean;
}

/** Most indices of an archive; a rollover each week and a retention of half a year make 27. */
const maxIndices = 1000;

/** By index: the highest sequence number, and the newest arrival. */
function newestOf({ arrivalField }: Dialect): SearchBody {
  return {
    indices: {
      terms: { field: '_index', size: maxIndices },
      aggs: {
        sequence: { max: { field: '_seq_no' } },
        arrival: { max: { field: arrivalField } },
      },
    },
  };
}

/** The state of the indices, without any document. */
export function headQuery(dialect: Dialect): SearchBody {
  return { size: 0, track_total_hits: false, aggs: newestOf(dialect) };
}

/** A page of the documents of a span, ascending by start; `to` null: without an end. */
export function scanQuery(
  dialect: Dialect,
  { from, to }: { readonly from: number; readonly to: number | null },
  page: PageRequest,
): SearchBody {
  const { startField } = dialect;
  const start = { gte: toMs(from), ...(to !== null && { lt: toMs(to + 1) }) };
  return {
    ...pageOf(dialect, page),
    query: { bool: { filter: [rangeOf(startField, start)] } },
    sort: [{ [startField]: { order: 'asc', unmapped_type: 'date' } }, ...tieBreakers],
  };
}

/**
 * A page of the documents that arrived after a cursor and started since `from`. The last
 * `overlap` numbers of the newest index are read again: a refresh may show a number before a lower
 * one.
 */
export function arrivalQuery(
  dialect: Dialect,
  cursor: StreamCursor,
  { from }: Pick<Interval, 'from'>,
  page: PageRequest,
): SearchBody {
  const started = rangeOf(dialect.startField, { gte: toMs(from) });
  if ('arrivedUntil' in cursor) {
    const since = cursor.arrivedUntil - dialect.arrivalOverlapSeconds;
    const { arrivalField } = dialect;
    return {
      ...pageOf(dialect, page),
      query: { bool: { filter: [started, rangeOf(arrivalField, { gte: toMs(since) })] } },
      sort: [{ [arrivalField]: { order: 'asc', unmapped_type: 'date' } }, ...tieBreakers],
    };
  }
  const known = Object.keys(cursor.sequences);
  const arrived = {
    bool: {
      minimum_should_match: 1,
      should: [
        ...overlapped(cursor.sequences).map(([index, sequence]) => ({
          bool: { filter: [{ term: { _index: index } }, { range: { _seq_no: { gt: sequence } } }] },
        })),
        { bool: { must_not: [{ terms: { _index: known } }] } },
      ],
    },
  };
  return {
    ...pageOf(dialect, page),
    query: { bool: { filter: [started, arrived] } },
    sort: tieBreakers,
    // Of all documents, to notice an index that has been made anew.
    ...(page.after === null && { aggs: { all: { global: {}, aggs: newestOf(dialect) } } }),
  };
}

/** Numbers of the newest index to read again. */
const overlapSequences = 500;

function overlapped(sequences: Readonly<Record<string, number>>): [string, number][] {
  const newest = Object.keys(sequences).sort().at(-1);
  return Object.entries(sequences).map(([index, sequence]) => [
    index,
    index === newest ? sequence - overlapSequences : sequence,
  ]);
}

/** No two documents of one shard have the same number. */
const tieBreakers = [{ _index: 'asc' }, { _seq_no: 'asc' }];

function pageOf({ fields }: Dialect, { size, after, isBlind }: PageRequest): SearchBody {
  return {
    size,
    track_total_hits: false,
    seq_no_primary_term: true,
    _source: isBlind ? false : fields,
    ...(after !== null && { search_after: after }),
  };
}

/** A filter of times, epoch milliseconds. */
export function rangeOf(field: string, limits: Readonly<Record<string, number>>): SearchBody {
  return { range: { [field]: { ...limits, format: 'epoch_millis' } } };
}

/** Epoch milliseconds of epoch seconds. */
export function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
