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
/** A line that has only the MPLS labels of the reply above; SR OS writes two such lines. */
const labelLine = /^\s+(?:\[?MPLS\b|returned MPLS\b|entry\s+\d+:\s+MPLS\b)/;
/** The host of SR OS for a ttl without replies. */
const noHost = /^(?:0\.0\.0\.0|::)$/;

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
  /** The last probe has its time, to which marks behind it belong. */
  isTimed: boolean;
}

/** Reads the rest of a line: hosts with their times, marks and ASes. False if it is incomplete. */
export function readProbes(text: string, tally: HopTally): boolean {
  const row: RowState = { tally, host: null, nextAsn: null, isTimed: false };
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
  if (part === '*') recordLoss(row);
  else if (part.startsWith('!')) readErrorMark(part, row);
  else if (/^F=\d+$/.test(part)) tally.mtu = Number(part.slice(2));
  else if (part.startsWith('[')) readSquareBrackets(part.slice(1, -1), row);
  else if (part.startsWith('(')) readBrackets(part.slice(1, -1), row);
  else if (!/^[<'"]/.test(part)) return readHost(part, row);
  return true;
}

function readTime(time: string, row: RowState): boolean {
  if (row.host === null) return false;
  recordReply(row.host, roundTripMs(Number(time.replace(',', '.'))), row.tally);
  row.isTimed = true;
  return true;
}

function recordReply(host: TimedHost, rttMs: number | null, tally: HopTally): void {
  const { before, within, asn } = host;
  host.responder ??= { ...parseResponder(before, within), asn };
  tally.recordReply(host.responder, rttMs);
}

function recordLoss(row: RowState): void {
  row.tally.recordLoss();
  row.isTimed = false;
}

/** A mark belongs to the time before it. Without one, as IOS writes it, it is a reply itself. */
function readErrorMark(mark: string, row: RowState): void {
  if (!row.isTimed && row.host !== null) recordReply(row.host, null, row.tally);
  recordErrorMark(mark, row.tally);
}

/** The AS or the MTU of the host; labels and other notes have neither. */
function readSquareBrackets(text: string, row: RowState): void {
  const mtu = /^mtu: (\d{2,5})$/.exec(text)?.[1];
  if (mtu !== undefined) row.tally.mtu = Number(mtu);
  else readAsn(parseAsn(text), row);
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
  if (noHost.test(before)) return true;
  row.host = { before, within: '', asn: row.nextAsn, responder: null };
  row.nextAsn = null;
  row.isTimed = false;
  return true;
}

function recordErrorMark(mark: string, tally: HopTally): void {
  tally.error ??= parseErrorMark(mark);
  const mtu = /^!F-(\d{2,5})$/.exec(mark)?.[1];
  if (mtu !== undefined) tally.mtu = Number(mtu);
}
