import { roundTripMs } from '../probeValues.ts';
import { parseAsn, parseResponder } from './hopHost.ts';
import type { HopTally, ProbeResponder } from './hopTally.ts';
import { parseErrorMark } from './icmpErrors.ts';

/**
 * The parts of a row of traceroute: text in brackets is one part, and so is a time with its unit.
 */
const partPattern = /\[[^\]]*\]|\([^()]*\)|<[^>]*>|'[^']*'|\d+(?:[.,]\d+)?(?: ?ms(?:ec)?\b)|\S+/g;
const timePattern = /^(\d+(?:[.,]\d+)?) ?ms(?:ec)?$/;
/** Notes between the parts, which belong to no probe: the length of a reply, and its receiver. */
const lengthNote = /\b\d+ bytes (?:to|from) \S+/g;
/** A line that has only the MPLS labels of the reply above. */
const labelLine = /^\s+\[?MPLS\b/;

/** Whether a line below a row describes the replies of the row and holds none. */
export function isProbeNote(text: string): boolean {
  return labelLine.test(text);
}

/** A host, to which the times behind it belong. */
interface TimedHost {
  readonly before: string;
  within: string;
  asn: number | null;
  /** Complete with the first time behind the host, until then null. */
  responder: ProbeResponder | null;
}

/** The state between two parts of a row. */
interface RowState {
  readonly tally: HopTally;
  host: TimedHost | null;
  /** BSD writes the AS before the host, others write it after. */
  nextAsn: number | null;
}

/** Reads the rest of a line: hosts with their times, marks and ASes. False if it is incomplete. */
export function readProbes(text: string, tally: HopTally): boolean {
  const row: RowState = { tally, host: null, nextAsn: null };
  const parts = text.replace(lengthNote, '').match(partPattern) ?? [];
  return parts.length > 0 && parts.every((part) => readPart(part, row)) && !hasOpenHost(row);
}

/** Whether a host still lacks its time. */
function hasOpenHost({ host }: RowState): boolean {
  return host?.responder === null;
}

/** Reads one part. False if it cannot follow the previous ones. */
function readPart(part: string, row: RowState): boolean {
  const { tally } = row;
  const time = timePattern.exec(part)?.[1];
  if (time !== undefined) return readTime(time, row);
  if (part === '*') tally.recordLoss();
  else if (part.startsWith('!')) recordErrorMark(part, tally);
  else if (/^F=\d+$/.test(part)) tally.mtu = Number(part.slice(2));
  else if (part.startsWith('[')) readAsn(parseAsn(part.slice(1)), row);
  else if (part.startsWith('(')) readBrackets(part.slice(1, -1), row);
  else if (!/^[<'"]/.test(part)) return readHost(part, row);
  return true;
}

function readTime(time: string, { host, tally }: RowState): boolean {
  if (host === null) return false;
  const { before, within, asn } = host;
  host.responder ??= { ...parseResponder(before, within), asn };
  tally.recordReply(host.responder, roundTripMs(Number(time.replace(',', '.'))));
  return true;
}

function readAsn(asn: number | null, row: RowState): void {
  if (row.host === null || row.host.responder !== null) row.nextAsn = asn;
  else row.host.asn ??= asn;
}

/** Behind a time, brackets hold a ttl or a loss. */
function readBrackets(text: string, { host }: RowState): void {
  if (host?.responder === null) host.within ||= text;
}

function readHost(before: string, row: RowState): boolean {
  if (hasOpenHost(row)) return false;
  row.host = { before, within: '', asn: row.nextAsn, responder: null };
  row.nextAsn = null;
  return true;
}

function recordErrorMark(mark: string, tally: HopTally): void {
  tally.error ??= parseErrorMark(mark);
  const mtu = /^!F-(\d{2,5})$/.exec(mark)?.[1];
  if (mtu !== undefined) tally.mtu = Number(mtu);
}
