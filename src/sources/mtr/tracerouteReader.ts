import { canonicalAddress } from '../../lib/ip.ts';
import {
  type Format,
  type HopRow,
  maxTtl,
  type Place,
  type Reader,
  type Sink,
} from './document.ts';
import { nameOf, readAsn } from './hopHost.ts';
import { createHopTally, type HopTally, type Responding } from './hopTally.ts';
import { readErrorMark } from './icmpErrors.ts';
import type { Line } from './lines.ts';
import { roundTripMs } from './times.ts';

/** What Linux traceroute prints, and its kin that print alike. */
export const tracerouteFormat: Format = {
  begins: (text) => /^traceroute6? to \S/.test(text),
  open: createTracerouteReader,
};

const heading = /^traceroute6? to (\S+?),?(?: \(([^()]+)\))?(?: from ([^\s,]+))?(?:,|\s|$)/;

function createTracerouteReader(sink: Sink): Reader {
  let begun: Place | null = null;
  let top: RegExpExecArray | null = null;
  let packetBytes: string | null = null;
  let mostHops = 0;
  let isDamaged = false;
  const tallies: HopTally[] = [];

  function damaged(line: Line): true {
    const place = { line: line.number, byte: line.byte };
    if (!isDamaged) sink.damage('a line of traceroute that breaks off', place);
    isDamaged = true;
    return true;
  }

  return {
    take(line) {
      if (begun === null) {
        begun = { line: line.number, byte: line.byte };
        top = heading.exec(line.text);
        mostHops = Number(/(\d+) hops max/.exec(line.text)?.[1] ?? 0);
        packetBytes = /(\d+) byte packets/.exec(line.text)?.[1] ?? null;
        return true;
      }
      const [, number, rest = ''] = /^\s*(\d{1,3})(?:\s+(.*))?$/.exec(line.text) ?? [];
      const before = tallies.at(-1);
      if (number !== undefined) {
        const tally = createHopTally(Number(number));
        tallies.push(tally);
        const isNext = tally.ttl > (before?.ttl ?? 0) && tally.ttl <= maxTtl;
        return (isNext && readProbes(rest, tally)) || damaged(line);
      }
      // Some kinds put every further host of a hop into a line of its own.
      const isContinued = before !== undefined && /^\s{3,}\S/.test(line.text);
      return isContinued && (readProbes(line.text, before) || damaged(line));
    },
    end() {
      if (begun === null || isDamaged) return;
      const hops = tallies.map((tally) => tally.row());
      const destinationAddress = canonicalAddress(top?.[2] ?? top?.[1]);
      if (!isWhole(hops.at(-1), mostHops, destinationAddress)) {
        sink.damage('a path of traceroute that breaks off', begun);
        return;
      }
      const mtus = hops.flatMap(({ mtu }) => (mtu === null ? [] : [mtu]));
      sink.document(
        {
          tool: 'traceroute',
          source: top?.[3] ?? null,
          destination: top?.[1] ?? null,
          destinationAddress,
          startedAt: null,
          hops,
          reached: null,
          pathMtu: mtus.length === 0 ? null : Math.min(...mtus),
          packetBytes,
        },
        begun,
      );
    },
  };
}

/** traceroute ends at the destination, at an ICMP error, or at the largest ttl. */
function isWhole(last: HopRow | undefined, mostHops: number, destination: string | null): boolean {
  if (last === undefined) return false;
  const isEnd = last.answers.some(({ address }) => address === null || address === destination);
  return isEnd || last.error !== null || destination === null || last.ttl >= mostHops;
}

/** Reads what follows the ttl: hosts, each with its times, marks and AS. False when it breaks off. */
function readProbes(text: string, tally: HopTally): boolean {
  let by: Responding | null = null;
  let isOpen = false;
  for (const word of text
    .trim()
    .replace(/(\d) ms\b/g, '$1ms')
    .split(/\s+/)) {
    const [, time] = /^(\d+(?:[.,]\d+)?)ms$/.exec(word) ?? [];
    const [, within] = /^\(([^()]*)\)$/.exec(word) ?? [];
    if (word === '*') tally.lost();
    else if (time !== undefined) {
      if (by === null) return false;
      tally.answered(by, roundTripMs(Number(time.replace(',', '.'))));
      isOpen = false;
    } else if (word.startsWith('!')) noteMark(word, tally);
    else if (/^F=\d+$/.test(word)) tally.mtu = Number(word.slice(2));
    else if (within !== undefined) by = withAddress(by, within);
    else if (word.startsWith('[')) by = withAsn(by, word.slice(1));
    else if (!/^[<'"]/.test(word)) {
      by = hostOf(word);
      isOpen = true;
    }
  }
  return !isOpen && text.trim() !== '';
}

function withAddress(by: Responding | null, text: string): Responding | null {
  return by === null ? null : { ...by, address: canonicalAddress(text) };
}

/** `[AS64500]`, of several `[AS64500/AS64501]` the first, `[*]` for none. */
function withAsn(by: Responding | null, text: string): Responding | null {
  return by === null ? null : { ...by, asn: readAsn(text) };
}

function hostOf(word: string): Responding {
  const address = canonicalAddress(word);
  return { address, name: address === null ? nameOf(word) : null, asn: null };
}

function noteMark(mark: string, tally: HopTally): void {
  tally.error ??= readErrorMark(mark);
  const mtu = /^!F-(\d{2,5})$/.exec(mark)?.[1];
  if (mtu !== undefined) tally.mtu = Number(mtu);
}
