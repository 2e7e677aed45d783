import { responderAddress, roundTripMs } from '../probeValues.ts';
import { parseErrorMark } from './icmpErrors.ts';

/**
 * A row of tracepath. Its words are those of the user's language, so its shape identifies its
 * parts.
 */
export interface TracepathRow {
  readonly ttl: number;
  /** As written; null for a lost probe. */
  readonly host: string | null;
  readonly rttMs: number | null;
  /** New MTU, bytes. The row is then from a later router that rejected the probe. */
  readonly mtu: number | null;
  /** In pScheduler's words. */
  readonly error: string | null;
  /** The word for the end of the route, `reached` in English; null without it. */
  readonly ending: string | null;
  /** A socket other than tracepath's own received the reply of the destination: `8)`. */
  readonly isUnnamedReply: boolean;
}

const rowPattern = /^\s*(\d{1,3})(\?)?:\s+(\S.*?)\s*$/;
const timedPattern = /^(\S.*?)\s+(\d+(?:[.,]\d+)?)ms\b\s*(.*)$/;
/** Without a time, two blanks or an address separate the host from the notes. */
const untimedPattern = /^(\S+(?: \([^()\s]+\))?)(?:\s{2,}(.*))?$/;
/** A remark in brackets about the reply, in which numbers have no meaning. */
const remark = /\([^()]*\)/g;
/** Smallest number that is an MTU and not a number of hops. */
const minMtu = 256;

/** Parses a row; null for any other line. */
export function parseTracepathRow(text: string): TracepathRow | null {
  const [, digits, , rest = ''] = rowPattern.exec(text) ?? [];
  const ttl = Number(digits ?? 0);
  if (ttl < 1) return null;
  const silent = { ttl, host: null, rttMs: null, mtu: null, error: null, ending: null };
  if (/\s8\)$/.test(rest)) return { ...silent, isUnnamedReply: true };
  const [, host, time, timedNotes = ''] = timedPattern.exec(rest) ?? [];
  if (host !== undefined) {
    const rttMs = roundTripMs(Number((time ?? '').replace(',', '.')));
    return { ...silent, host, rttMs, ...parseNotes(timedNotes), isUnnamedReply: false };
  }
  const [, answering, notes = ''] = untimedPattern.exec(rest) ?? [];
  if (answering !== undefined && (notes !== '' || isAddress(answering))) {
    return { ...silent, host: answering, ...parseNotes(notes), isUnnamedReply: false };
  }
  // A text without a number is the word for a lost probe.
  return /\d/.test(rest) ? null : { ...silent, isUnnamedReply: false };
}

function isAddress(host: string): boolean {
  return responderAddress(host.replace(/ \(.*/, '')) !== null;
}

/** Notes behind a host: an MTU, an asymmetry, a mark of an error, or the end of the route. */
function parseNotes(notes: string): Pick<TracepathRow, 'mtu' | 'error' | 'ending'> {
  const plain = notes.replace(remark, '').trim();
  const mark = /(?:^|\s)(![A-Z0-9]*)/.exec(plain)?.[1];
  const numbers = [...plain.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const mtu = numbers.find((number) => number >= minMtu && number <= 65_535) ?? null;
  const isEnding = plain !== '' && mark === undefined && numbers.length === 0;
  const error = mark === undefined ? null : parseErrorMark(mark);
  return { mtu, error, ending: isEnding ? plain : null };
}

/**
 * How many numbers the last lines of an output have: its MTU, then the number of hops to the
 * destination and back if it was reached. null for any other line.
 */
export function parseSummary(text: string): number | null {
  if (!/^\s{3,}[^\s\d]/.test(text)) return null;
  const numbers = text.match(/\d+/g) ?? [];
  return numbers.some((digits) => Number(digits) >= minMtu) ? numbers.length : null;
}
