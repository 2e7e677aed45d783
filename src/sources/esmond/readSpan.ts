import { HttpError } from '../../lib/http/httpError.ts';
import type { JsonDocument } from '../../lib/http/types.ts';
import type { Interval } from '../../model/trace/trace.ts';
import type { ArchiveApi } from './archiveApi.ts';

/** The largest limit that elmond accepts; esmond accepts any. */
const pageLimit = 10_000;
/** Default limits of elmond and esmond: responses of this size may be truncated. */
const truncatedSizes = new Set([1000, 1500]);
/** Shorter intervals are not divided after an error, seconds. */
export const minErrorSeconds = 60;
/** Most requests for one span. */
const maxRequests = 200;
/** The reader gives up if failed requests exceed successful ones by more than this. */
const maxExcessFailures = 5;

/** The parsed results of a response, and their number. */
export interface SpanContent<T> {
  readonly content: T;
  readonly results: number;
}

/** A complete part of a span. */
export interface SpanPiece<T> extends SpanContent<T> {
  readonly interval: Interval;
  /** A single second has as many results as the archive sends, so there may be more. */
  readonly isTruncated: boolean;
}

/** A part of a span that the archive cannot send. */
export interface UnreadableSpan {
  readonly interval: Interval;
  readonly error: HttpError;
}

/** The readable and unreadable parts of a span, both in the order of time. */
export interface SpanResult<T> {
  readonly pieces: readonly SpanPiece<T>[];
  readonly unreadable: readonly UnreadableSpan[];
}

interface SpanRequest {
  readonly interval: Interval;
  /** Error of the longer request that this is one half of; null for a whole interval. */
  readonly cause: HttpError | null;
  /** It repeats the request for an interval that cannot be divided. */
  readonly isRepeated?: boolean;
}

/**
 * Reads all results of an event type in a span; `parse` converts each response. After a
 * full, oversized or failed response, it requests the two halves of the interval. So no result is
 * lost to a page limit, and one damaged record (to which archives respond with status 500) costs
 * only its minute, which it requests once more at the end: an archive may fail by chance, too.
 * Throws failures that concern more than this span: no response, or a rejected request.
 */
export async function readSpan<T>(
  api: ArchiveApi,
  key: string,
  eventType: string,
  span: Interval,
  parse: (document: JsonDocument, interval: Interval) => SpanContent<T>,
): Promise<SpanResult<T>> {
  const path = `/${encodeURIComponent(key)}/${eventType}/base/0`;
  const pieces: SpanPiece<T>[] = [];
  const unreadable: UnreadableSpan[] = [];
  const queue: SpanRequest[] = [{ interval: span, cause: null }];
  let failures = 0;
  // The queue grows during the loop. Breadth first reveals a completely broken span early.
  for (const [requests, request] of queue.entries()) {
    const { interval, cause } = request;
    if (requests >= maxRequests || failures > pieces.length + maxExcessFailures) {
      unreadable.push({ interval, error: cause ?? tooManyResultsError(api.id) });
      continue;
    }
    const answer = await requestInterval(api, path, interval, parse, requests === 0);
    if (isFailedRequest(answer)) failures += 1;
    const next = furtherRequests(answer, request);
    queue.push(...next);
    if (!(answer instanceof HttpError)) pieces.push(...(answer === 'truncated' ? [] : [answer]));
    else if (next.length === 0) unreadable.push({ interval, error: answer });
  }
  return { pieces: pieces.sort(byTime), unreadable: mergeAdjacent(unreadable.sort(byTime)) };
}

/**
 * The results of an interval, `truncated` if its halves may hold more, or a failure that a smaller
 * interval may avoid.
 */
type IntervalAnswer<T> = SpanPiece<T> | 'truncated' | HttpError;

/** The requests that may bring what a response lacks. */
function furtherRequests(
  answer: IntervalAnswer<unknown>,
  { interval, isRepeated = false }: SpanRequest,
): SpanRequest[] {
  if (answer === 'truncated') return halfRequests(interval, null);
  if (!(answer instanceof HttpError)) return [];
  if (isDivisible(interval, answer)) return halfRequests(interval, answer);
  if (isRepeated || answer.reason !== 'status') return [];
  return [{ interval, cause: answer, isRepeated: true }];
}

/** An oversized response shows that the archive works. */
function isFailedRequest(answer: IntervalAnswer<unknown>): boolean {
  return answer instanceof HttpError && answer.reason !== 'too-large';
}

async function requestInterval<T>(
  api: ArchiveApi,
  path: string,
  interval: Interval,
  parse: (document: JsonDocument, interval: Interval) => SpanContent<T>,
  isFirst: boolean,
): Promise<IntervalAnswer<T>> {
  const query = { 'time-start': interval.from, 'time-end': interval.to, limit: pageLimit };
  const pieceOf = (document: JsonDocument): SpanPiece<T> | 'truncated' => {
    const { content, results } = parse(document, interval);
    const isTruncated = isFull(results);
    if (isTruncated && isDivisible(interval, null)) return 'truncated';
    return { interval, content, results, isTruncated };
  };
  try {
    // The whole span had all retries, so each part has only one.
    return await api.get(path, query, pieceOf, isFirst ? undefined : 1);
  } catch (error) {
    if (error instanceof HttpError && mayBeNarrowed(error)) return error;
    throw error;
  }
}

function mayBeNarrowed({ reason, status }: HttpError): boolean {
  if (reason === 'status') return status === 500 || status === 504;
  return reason === 'content' || reason === 'too-large' || reason === 'too-slow';
}

/** Whether halves may bring more, after a good response (null) or a failure. */
function isDivisible({ from, to }: Interval, error: HttpError | null): boolean {
  const minSeconds = error === null || error.reason === 'too-large' ? 1 : minErrorSeconds;
  return to - from >= minSeconds;
}

function isFull(results: number): boolean {
  return truncatedSizes.has(results) || results >= pageLimit;
}

function halfRequests({ from, to }: Interval, cause: HttpError | null): SpanRequest[] {
  const middle = Math.floor((from + to) / 2);
  return [
    { interval: { from, to: middle }, cause },
    { interval: { from: middle + 1, to }, cause },
  ];
}

function byTime(a: { interval: Interval }, b: { interval: Interval }): number {
  return a.interval.from - b.interval.from;
}

/** Merges adjacent parts. */
function mergeAdjacent(parts: readonly UnreadableSpan[]): UnreadableSpan[] {
  const result: UnreadableSpan[] = [];
  for (const part of parts) {
    const previous = result.at(-1);
    if (previous?.interval.to !== part.interval.from - 1) result.push(part);
    else {
      const interval = { from: previous.interval.from, to: part.interval.to };
      result[result.length - 1] = { interval, error: previous.error };
    }
  }
  return result;
}

function tooManyResultsError(archive: string): HttpError {
  const message = 'The archive sends full pages even for very short intervals.';
  return new HttpError(archive, { reason: 'too-large', message });
}
