import { HttpError } from '../../lib/http/failure.ts';
import type { Interval } from '../../model/trace.ts';
import type { ArchiveApi } from './api.ts';
import { invalidAnswer } from './invalidAnswer.ts';

/** The most that elmond accepts; esmond has no limit of its own when one is sent. */
const pageLimit = 10_000;
/** Answers of such a size may have been cut: the defaults of elmond and esmond, and what was asked for. */
const suspiciousSizes = new Set([1000, 1500]);
/** Below this an error is not narrowed down further, seconds. */
const finestError = 60;
/** Requests that the reading of one span may come to. */
const mostRequests = 200;
/** How many more of the narrowed requests may fail than succeed before the rest is given up. */
const patience = 5;

/** A part of a span that came back whole. */
export interface Piece {
  readonly interval: Interval;
  readonly answer: readonly unknown[];
  /** Even this single second holds as much as the archive gives out, so there may be more. */
  readonly crowded: boolean;
}

/** A part of a span that the archive cannot deliver. */
export interface LostPart {
  readonly interval: Interval;
  readonly error: Error;
}

/** A span of time as far as it could be read; both in the order of time. */
export interface SpanAnswer {
  readonly pieces: readonly Piece[];
  readonly lost: readonly LostPart[];
}

/**
 * All results of an event type in a span. A full, oversized or failing answer is asked for again in halves: so nothing is cut
 * off in silence, and one damaged record (a status 500 for everything around it) costs only the minute it is in.
 * Throws what concerns more than this span: an archive that does not answer, a request that it refuses.
 */
export async function readSpan(
  api: ArchiveApi,
  key: string,
  eventType: string,
  span: Interval,
): Promise<SpanAnswer> {
  const path = `/${encodeURIComponent(key)}/${eventType}/base/0`;
  const pieces: Piece[] = [];
  const lost: LostPart[] = [];
  const queue: { readonly interval: Interval; readonly cause: Error | null }[] = [
    { interval: span, cause: null },
  ];
  let failures = 0;
  // Grows while it is read: breadth first, so that a wholly broken span shows early.
  for (const [requests, { interval, cause }] of queue.entries()) {
    if (requests >= mostRequests || failures > pieces.length + patience) {
      lost.push({ interval, error: cause ?? tooMany(api.id) });
      continue;
    }
    const answer = await ask(api, path, interval, requests === 0);
    const error = answer instanceof HttpError ? answer : null;
    if (error !== null && error.reason !== 'too-large') failures += 1;
    const finest = error === null || error.reason === 'too-large' ? 1 : finestError;
    const divisible = interval.to - interval.from >= finest;
    if (answer instanceof HttpError ? divisible : divisible && isFull(answer)) {
      queue.push(...halves(interval).map((half) => ({ interval: half, cause: error })));
    } else if (answer instanceof HttpError) lost.push({ interval, error: answer });
    else pieces.push({ interval, answer, crowded: isFull(answer) });
  }
  return { pieces: pieces.sort(byTime), lost: joined(lost.sort(byTime)) };
}

/** The results of an interval, or the failure that a smaller interval may escape. */
async function ask(
  api: ArchiveApi,
  path: string,
  { from, to }: Interval,
  isFirst: boolean,
): Promise<readonly unknown[] | HttpError> {
  const query = { 'time-start': from, 'time-end': to, limit: pageLimit };
  try {
    // What was tried often enough as a whole is not tried as often in parts.
    const answer = await api.get(path, query, isFirst ? undefined : 1);
    if (!Array.isArray(answer)) throw invalidAnswer(api.id, answer);
    return answer;
  } catch (error) {
    if (error instanceof HttpError && mayBeNarrowed(error)) return error;
    throw error;
  }
}

function mayBeNarrowed({ reason, status }: HttpError): boolean {
  if (reason === 'status') return status === 500 || status === 504;
  return reason === 'content' || reason === 'too-large' || reason === 'too-slow';
}

function isFull(answer: readonly unknown[]): boolean {
  return suspiciousSizes.has(answer.length) || answer.length >= pageLimit;
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
function joined(parts: readonly LostPart[]): LostPart[] {
  const result: LostPart[] = [];
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

function tooMany(archive: string): HttpError {
  const message = 'The archive sends full pages however short the time that is asked for.';
  return new HttpError(archive, { reason: 'too-large', message });
}
