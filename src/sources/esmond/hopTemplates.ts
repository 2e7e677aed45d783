import { colon, comma, type JsonScanner, quote } from './jsonScanner.ts';
import { type HopRecord, hopTime } from './readHops.ts';
import type { ResponderEntry } from './responderTable.ts';

/**
 * The text of a hop record in a response. Most records repeat an earlier one, apart from the
 * round-trip time; comparing bytes is several times faster than parsing them.
 */
export interface HopTemplate {
  /** Its rank among the templates of a response. */
  readonly symbol: number;
  /** Offsets of the record; the digits of its time are from `timeFrom` to `timeTo`. */
  readonly from: number;
  readonly timeFrom: number;
  readonly timeTo: number;
  readonly to: number;
  /** The value of the record; `rtt` changes with each record of this text. */
  readonly record: HopRecord;
  /** The time of every record with this text; NaN if it varies or is missing. */
  readonly fixedTime: number;
  /** The responder of the last such record. */
  responder?: ResponderEntry;
}

/**
 * Skips the record at the scanner's position and makes a template of it; null at the end of the
 * text. Throws a `SyntaxError` for invalid JSON.
 */
export function learnTemplate(scanner: JsonScanner, symbol: number): HopTemplate | null {
  const from = scanner.position;
  if (!scanner.skipValue()) return null;
  const to = scanner.position;
  const text = scanner.json(from, to);
  const record = JSON.parse(text) as HopRecord;
  // A name may be written with escapes.
  const time = text.includes('\\') ? null : findTime(scanner, from);
  scanner.position = to;
  const { timeFrom, timeTo } = time ?? { timeFrom: to, timeTo: to };
  const fixedTime = time === null ? hopTime(record) : Number.NaN;
  return { symbol, from, timeFrom, timeTo, to, record, fixedTime };
}

/**
 * Skips a record with the text of a template, and returns its time (NaN for none). null, at the
 * same position, for any other.
 */
export function acceptTemplate(scanner: JsonScanner, template: HopTemplate): number | null {
  const start = scanner.position;
  const { from, timeFrom, timeTo, to, fixedTime } = template;
  if (!scanner.acceptCopy(from, timeFrom)) return null;
  if (timeFrom === to) return fixedTime;
  const time = scanner.readNumber();
  if (!Number.isNaN(time) && scanner.acceptCopy(timeTo, to)) return time;
  scanner.position = start;
  return null;
}

/** The digits of the (last) member `rtt` of a valid record; null for none. */
function findTime(scanner: JsonScanner, from: number) {
  let found: { readonly timeFrom: number; readonly timeTo: number } | null = null;
  scanner.position = from + 1;
  while (scanner.peek() === quote) {
    const isTime = scanner.acceptName('rtt');
    if (!isTime) {
      scanner.skipValue();
      scanner.accept(colon);
    }
    const isText = scanner.peek() === quote;
    const start = scanner.position;
    scanner.skipValue();
    if (isTime) found = digitsWithin(scanner, start, isText);
    scanner.accept(comma);
  }
  return found;
}

/** The offsets of a value that just ended, if it is a number or its text. */
function digitsWithin(scanner: JsonScanner, start: number, isText: boolean) {
  const end = scanner.position;
  const [timeFrom, timeTo] = isText ? [start + 1, end - 1] : [start, end];
  scanner.position = timeFrom;
  const isNumber = !Number.isNaN(scanner.readNumber()) && scanner.position === timeTo;
  scanner.position = end;
  return isNumber ? { timeFrom, timeTo } : null;
}
