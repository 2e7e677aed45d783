import type { Interval } from '../../model/trace/trace.ts';
import { type ArchiveDialect, RequestRefusedError } from './response.ts';

/** A part of a long response. */
export interface PageRange {
  readonly limit: number;
  readonly offset: number;
}

const openEnd = Number.MAX_SAFE_INTEGER;
const elmondMaximum = 10_000;

/** Parses the time filters (epoch seconds, both bounds included); null without any. */
export function timeWindow(query: URLSearchParams, now: number): Interval | null {
  const time = seconds(query, 'time');
  const start = seconds(query, 'time-start');
  const end = seconds(query, 'time-end');
  const range = seconds(query, 'time-range');
  if (time !== null) return { from: time, to: time };
  if (start !== null) {
    const to = end ?? (range === null ? openEnd : start + range);
    if (to < start)
      throw new RequestRefusedError(400, 'Requested start time must be less than end time');
    return { from: start, to };
  }
  if (end !== null) return { from: range === null ? 0 : end - range, to: end };
  return range === null ? null : { from: now - range, to: openEnd };
}

/** Parses `limit` and `offset` of a list like each server. */
export function listPage(query: URLSearchParams, dialect: ArchiveDialect): PageRange {
  if (dialect === 'elmond') return elmondPage(query);
  const limit = wholeNumber(query.get('limit'));
  return { limit: limit === null || limit <= 0 ? 1500 : limit, offset: esmondOffset(query) };
}

/** Parses `limit` and `offset` of a data request like each server. */
export function dataPage(query: URLSearchParams, dialect: ArchiveDialect): PageRange {
  if (dialect === 'elmond') {
    const page = elmondPage(query);
    if (page.limit + page.offset > elmondMaximum) {
      throw new RequestRefusedError(500, 'The server encountered an internal error');
    }
    return page;
  }
  const limit = wholeNumber(query.get('limit') ?? '1500');
  if (limit === null) throw new RequestRefusedError(500, 'invalid literal for int() with base 10');
  return { limit: limit > 0 ? limit : 1500, offset: esmondOffset(query) };
}

function esmondOffset(query: URLSearchParams): number {
  return Math.max(0, wholeNumber(query.get('offset')) ?? 0);
}

function elmondPage(query: URLSearchParams): PageRange {
  const limit = wholeNumber(query.get('limit') ?? '1000');
  const offset = wholeNumber(query.get('offset') ?? '0');
  if (limit === null || offset === null || limit < 0 || offset < 0) {
    throw new RequestRefusedError(400, 'Invalid limit or offset parameter');
  }
  if (limit > elmondMaximum) throw new RequestRefusedError(400, 'limit must not exceed 10000');
  return { limit, offset };
}

function seconds(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  const value = wholeNumber(text);
  if (text !== null && value === null) {
    throw new RequestRefusedError(400, `Time parameter ${name} must be an integer`);
  }
  return value;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}
