import { HttpError } from '../../lib/http/httpError.ts';
import type { Interval } from '../../model/trace.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { invalidAnswerError } from './invalidAnswer.ts';

/** The most that elmond accepts; esmond has no limit of its own when one is sent. */
const pageLimit = 10_000;
/** Answers of such a size may have been cut: the defaults of elmond and esmond, and what was asked for. */
const truncatedSizes = new Set([1000, 1500]);
/** Below this an error is not narrowed down further, seconds. */
const minErrorSeconds = 60;
/** Requests that the reading of one span may come to. */
const maxRequests = 200;
/** How many more of the narrowed requests may fail than succeed before the rest is given up. */
const maxExcessFailures = 5;

/** A part of a span that came back whole: what was made of its results, and how many those were. */
export interface SpanPiece<T> {
  readonly interval: Interval;
  readonly content: T;
  readonly results: number;
  /** Even this single second holds as much as the archive gives out, so there may be more. */
  readonly isTruncated: boolean;
}

/** A part of a span that the archive cannot deliver. */
export interface UnreadableSpan {
  readonly interval: Interval;
  readonly error: Error;
}

/** A span of time as far as it could be read; both in the order of time. */
export interface SpanResult<T> {
  readonly pieces: readonly SpanPiece<T>[];
  readonly unreadable: readonly UnreadableSpan[];
}

/**
 * What `take` makes of all results of an event type in a span. A full, oversized or failing answer is asked for again in halves: so nothing is cut
 * off in silence, and one damaged record (a status 500 for everything around it) costs only the minute it is in.
 * Throws what concerns more than this span: an archive that does not answer, a request that it refuses.
 */
export async function readSpan<T>(
  api: ArchiveApi,
  key: string,
  eventType: string,
  span: Interval,
  parse: (results: readonly unknown[], interval: Interval) => T,
): Promise<SpanResult<T>> {
  const path = `/${encodeURIComponent(key)}/${eventType}/base/0`;
  const pieces: SpanPiece<T>[] = [];
  const unreadable: UnreadableSpan[] = [];
  const queue: { readonly interval: Interval; readonly cause: Error | null }[] = [
    { interval: span, cause: null },
  ];
  let failures = 0;
  // Grows while it is read: breadth first, so that a wholly broken span shows early.
  for (const [requests, { interval, cause }] of queue.entries()) {
    if (requests >= maxRequests || failures > pieces.length + maxExcessFailures) {
      unreadable.push({ interval, error: cause ?? tooManyResultsError(api.id) });
      continue;
    }
    const answer = await requestInterval(api, path, interval, parse, requests === 0);
    const error = answer instanceof HttpError ? answer : null;
    if (error !== null && error.reason !== 'too-large') failures += 1;
    if (answer === 'full' || (error !== null && isDivisible(interval, error))) {
      queue.push(...halves(interval).map((half) => ({ interval: half, cause: error })));
    } else if (answer instanceof HttpError) unreadable.push({ interval, error: answer });
    else pieces.push(answer);
  }
  return { pieces: pieces.sort(byTime), unreadable: mergeAdjacent(unreadable.sort(byTime)) };
}

/** The results of an interval, `full` when there may be more in its halves, or the failure that a smaller interval may escape. */
async function requestInterval<T>(
  api: ArchiveApi,
  path: string,
  interval: Interval,
  parse: (results: readonly unknown[], interval: Interval) => T,
  isFirst: boolean,
): Promise<SpanPiece<T> | 'full' | HttpError> {
  const query = { 'time-start': interval.from, 'time-end': interval.to, limit: pageLimit };
  const pieceOf = (answer: unknown): SpanPiece<T> | 'full' => {
    if (!Array.isArray(answer)) throw invalidAnswerError(api.id, answer);
    const isTruncated = isFull(answer);
    if (isTruncated && isDivisible(interval, null)) return 'full';
    return { interval, content: parse(answer, interval), results: answer.length, isTruncated };
  };
  try {
    // What was tried often enough as a whole is not tried as often in parts.
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

/** Whether asking for halves may bring more: after a good answer (null) or a failure. */
function isDivisible({ from, to }: Interval, error: HttpError | null): boolean {
  const minSeconds = error === null || error.reason === 'too-large' ? 1 : minErrorSeconds;
  return to - from >= minSeconds;
}

function isFull(answer: readonly unknown[]): boolean {
  return truncatedSizes.has(answer.length) || answer.length >= pageLimit;
}

function halves({ from, to }: Interval): Interval[] {
  const middle = Math.floor((from + to) / 2);
  return [
    { from, to: middle },
    { from: middle + 1, to },
  ];
}

function byTime(a: { interval: Interval }, b: { interval: Interval }): number {
  return a.interval.from - b.interval.from;
}

/** Neighbours as one. */
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
  const message = 'The archive sends full pages however short the time that is asked for.';
  return new HttpError(archive, { reason: 'too-large', message });
}
