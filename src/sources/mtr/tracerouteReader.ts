import { canonicalAddress } from '../../lib/ip.ts';
import { maxTtl, roundTripMs } from '../probeValues.ts';
import { nameOf, parseAsn } from './hopHost.ts';
import { createHopTally, type HopTally, type ProbeResponder } from './hopTally.ts';
import { parseErrorMark } from './icmpErrors.ts';
import type { LinePiece } from './linePieces.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopRow,
  type OutputFormat,
} from './runDocument.ts';

/** The output of Linux traceroute and of similar programs. */
export const tracerouteFormat: OutputFormat = {
  recognizes: (text) => /^traceroute6? to \S/.test(text),
  open: createTracerouteReader,
};

const headingPattern = /^traceroute6? to (\S+?),?(?: \(([^()]+)\))?(?: from ([^\s,]+))?(?:,|\s|$)/;

function createTracerouteReader(sink: DocumentSink): DocumentReader {
  let start: FilePosition | null = null;
  let top: RegExpExecArray | null = null;
  let packetBytes: string | null = null;
  let maxHops = 0;
  let isDamaged = false;
  const tallies: HopTally[] = [];

  function reportFault(line: LinePiece): true {
    const place = { line: line.number, byte: line.byte };
    if (!isDamaged) sink.onFault('incomplete line of traceroute', place);
    isDamaged = true;
    return true;
  }

  return {
    readLine(line) {
      if (start === null) {
        start = { line: line.number, byte: line.byte };
        top = headingPattern.exec(line.text);
        maxHops = Number(/(\d+) hops max/.exec(line.text)?.[1] ?? 0);
        packetBytes = /(\d+) byte packets/.exec(line.text)?.[1] ?? null;
        return true;
      }
      const [, number, rest = ''] = /^\s*(\d{1,3})(?:\s+(.*))?$/.exec(line.text) ?? [];
      const before = tallies.at(-1);
      if (number !== undefined) {
        const tally = createHopTally(Number(number));
        tallies.push(tally);
        const isNext = tally.ttl > (before?.ttl ?? 0) && tally.ttl <= maxTtl;
        return (isNext && readProbes(rest, tally)) || reportFault(line);
      }
      // Some programs print every further host of a hop on its own line.
      const isContinued = before !== undefined && /^\s{3,}\S/.test(line.text);
      return isContinued && (readProbes(line.text, before) || reportFault(line));
    },
    end() {
      if (start === null || isDamaged) return;
      const hops = tallies.map((tally) => tally.row());
      const destinationAddress = canonicalAddress(top?.[2] ?? top?.[1]);
      if (!isEnded(hops.at(-1), maxHops, destinationAddress)) {
        sink.onFault('incomplete traceroute output', start);
        return;
      }
      const mtus = hops.flatMap(({ mtu }) => (mtu === null ? [] : [mtu]));
      sink.onRun(
        {
          ...blankRun,
          tool: 'traceroute',
          source: top?.[3] ?? null,
          destination: top?.[1] ?? null,
          destinationAddress,
          hops,
          pathMtu: mtus.length === 0 ? null : Math.min(...mtus),
          packetBytes,
        },
        start,
      );
    },
  };
}

/**
 * Whether the output is complete: traceroute stops at the destination, at an ICMP error, or at the
 * largest ttl.
 */
function isEnded(last: HopRow | undefined, maxHops: number, destination: string | null): boolean {
  if (last === undefined) return false;
  const isEnd = last.answers.some(({ address }) => address === null || address === destination);
  return isEnd || last.error !== null || destination === null || last.ttl >= maxHops;
}

/** Reads the rest of a line: hosts with their times, marks and ASes. False if it is incomplete. */
function readProbes(text: string, tally: HopTally): boolean {
  let responder: ProbeResponder | null = null;
  let isOpen = false;
  for (const word of text
    .trim()
    .replace(/(\d) ms\b/g, '$1ms')
    .split(/\s+/)) {
    const [, time] = /^(\d+(?:[.,]\d+)?)ms$/.exec(word) ?? [];
    const [, within] = /^\(([^()]*)\)$/.exec(word) ?? [];
    if (word === '*') tally.recordLoss();
    else if (time !== undefined) {
      if (responder === null) return false;
      tally.recordReply(responder, roundTripMs(Number(time.replace(',', '.'))));
      isOpen = false;
    } else if (word.startsWith('!')) recordErrorMark(word, tally);
    else if (/^F=\d+$/.test(word)) tally.mtu = Number(word.slice(2));
    else if (within !== undefined) responder = withAddress(responder, within);
    else if (word.startsWith('[')) responder = withAsn(responder, word.slice(1));
    else if (!/^[<'"]/.test(word)) {
      responder = hostOf(word);
      isOpen = true;
    }
  }
  return !isOpen && text.trim() !== '';
}

function withAddress(responder: ProbeResponder | null, text: string): ProbeResponder | null {
  return responder === null ? null : { ...responder, address: canonicalAddress(text) };
}

/** Parses `[AS64500]`, the first AS of `[AS64500/AS64501]`, or `[*]` for none. */
function withAsn(responder: ProbeResponder | null, text: string): ProbeResponder | null {
  return responder === null ? null : { ...responder, asn: parseAsn(text) };
}

function hostOf(word: string): ProbeResponder {
  const address = canonicalAddress(word);
  return { address, name: address === null ? nameOf(word) : null, asn: null };
}

function recordErrorMark(mark: string, tally: HopTally): void {
  tally.error ??= parseErrorMark(mark);
  const mtu = /^!F-(\d{2,5})$/.exec(mark)?.[1];
  if (mtu !== undefined) tally.mtu = Number(mtu);
}
