import { InvalidArgumentError } from 'commander';
import { isTooLong, parseDuration } from '../lib/duration.ts';
import { parseTimestamp } from '../lib/timestamp.ts';
import type { Family } from '../model/test/test.ts';
import { daySeconds } from '../model/values/time.ts';

/** Parsers of option values. Each throws an `InvalidArgumentError` with the expected form. */

/** A duration, in seconds. */
export function parseSeconds(text: string): number {
  const seconds = Math.round(parseDuration(text) ?? 0) || null;
  return valid(
    seconds,
    isTooLong(text) ? 'Expected at most 100 years.' : 'Expected seconds, or 90s, 30m, 24h, 7d.',
  );
}

/** How long a program or a server may take, in seconds. */
export function parseTimeout(text: string): number {
  const seconds = parseSeconds(text);
  return valid(seconds <= daySeconds ? seconds : null, 'Expected at most a day.');
}

/** A moment, in epoch seconds. */
export function parseTime(text: string): number {
  return valid(
    parseTimestamp(text),
    'Expected ISO 8601, such as 2026-03-01T12:00Z, or epoch seconds.',
  );
}

export function parseConcurrency(text: string): number {
  return valid(wholeNumber(text, 1, 64), 'Expected a whole number from 1 to 64.');
}

export function parseParallel(text: string): number {
  return valid(wholeNumber(text, 1, 1000), 'Expected a whole number from 1 to 1000.');
}

export function parseFamily(text: string): Family {
  return valid(text === '4' ? 4 : text === '6' ? 6 : null, 'Expected 4 or 6.');
}

/** A port to connect to. */
export function parseTargetPort(text: string): number {
  return valid(wholeNumber(text, 1, 65_535), 'Expected a whole number from 1 to 65535.');
}

/** A port to listen on; 0 lets the system choose. */
export function parseListenPort(text: string): number {
  return valid(wholeNumber(text, 0, 65_535), 'Expected a whole number from 0 to 65535.');
}

function wholeNumber(text: string, low: number, high: number): number | null {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return number >= low && number <= high ? number : null;
}

function valid<Value>(value: Value | null, expected: string): Value {
  if (value === null) throw new InvalidArgumentError(expected);
  return value;
}
