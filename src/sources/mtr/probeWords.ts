import { roundTripMs } from '../probeValues.ts';
import { type NamedAddress, parseAsn, parseResponder } from './hopHost.ts';
import type { HopTally } from './hopTally.ts';
import { parseErrorMark } from './icmpErrors.ts';

/**
 * The parts of a row of traceroute: text in brackets is one part, and so is a time with its unit.
 */
const partPattern = /\[[^\]]*\]|\([^()]*\)|<[^>]*>|'[^']*'|\d+(?:[.,]\d+)?(?: ?ms(?:ec)?\b)|\S+/g;
/** Notes between the parts, which belong to no probe: the length of a reply, and its receiver. */
const lengthNote = /\b\d+ bytes (?:to|from) \S+/g;
/** A line that has only the MPLS labels of the reply above. */
const labelLine = /^\s+\[?MPLS\b/;

/** Whether a line below a row describes the replies of the row and holds none. */
export function isProbeNote(text: string): boolean {
  return labelLine.test(text);
}

/** Where the next time belongs. */
interface PartState {
  readonly before: string;
  within: string;
  asn: number | null;
  /** Whether a time follows the host. */
  isTimed: boolean;
}

/** Reads the rest of a line: hosts with their times, marks and ASes. False if it is incomplete. */
export function readProbes(text: string, tally: HopTally): boolean {
  let host: PartState | null = null;
  // BSD writes the AS before the host, others write it after.
  let nextAsn: number | null = null;
  const parts = text.replace(lengthNote, '').match(partPattern) ?? [];
  for (const part of parts) {
    const time = /^(\d+(?:[.,]\d+)?) ?ms(?:ec)?$/.exec(part)?.[1];
    if (part === '*') tally.recordLoss();
    else if (time !== undefined) {
      if (host === null) return false;
      tally.recordReply(responderOf(host), roundTripMs(Number(time.replace(',', '.'))));
      host.isTimed = true;
    } else if (part.startsWith('!')) recordErrorMark(part, tally);
    else if (/^F=\d+$/.test(part)) tally.mtu = Number(part.slice(2));
    else if (part.startsWith('[')) {
      const asn = parseAsn(part.slice(1));
      if (host === null || host.isTimed) nextAsn = asn;
      else host.asn ??= asn;
    } else if (part.startsWith('(')) {
      if (host?.isTimed === false) host.within ||= part.slice(1, -1);
    } else if (!/^[<'"]/.test(part)) {
      if (host?.isTimed === false) return false;
      host = { before: part, within: '', asn: nextAsn, isTimed: false };
      nextAsn = null;
    }
  }
  return parts.length > 0 && host?.isTimed !== false;
}

function responderOf({ before, within, asn }: PartState): NamedAddress & { asn: number | null } {
  return { ...parseResponder(before, within), asn };
}

function recordErrorMark(mark: string, tally: HopTally): void {
  tally.error ??= parseErrorMark(mark);
  const mtu = /^!F-(\d{2,5})$/.exec(mark)?.[1];
  if (mtu !== undefined) tally.mtu = Number(mtu);
}
