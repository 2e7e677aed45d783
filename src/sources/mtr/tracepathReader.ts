import { type Format, maxTtl, type Place, type Reader, type Sink } from './document.ts';
import { readHopHost } from './hopHost.ts';
import { createHopTally, type HopTally, type Responding } from './hopTally.ts';
import { readErrorMark } from './icmpErrors.ts';
import { roundTripMs } from './times.ts';

/** What tracepath of iputils prints. It tells neither target nor time; old versions tell the measuring host. */
export const tracepathFormat: Format = {
  begins: (text) => row.test(text),
  open: createTracepathReader,
};

const row = /^\s*(\d{1,3})(\?)?:\s+(\S.*?)\s*$/;
const answer = /^(.*?)\s+(\d+(?:[.,]\d+)?)ms\b\s*(.*)$/;

function createTracepathReader(sink: Sink): Reader {
  let begun: Place | null = null;
  let tallies: HopTally[] = [];
  let mtu: number | null = null;
  let source: string | null = null;
  let target: Responding | null = null;
  let isComplete = false;

  function tallyOf(ttl: number): HopTally {
    const last = tallies.at(-1);
    if (last?.ttl === ttl) return last;
    const tally = createHopTally(ttl);
    tallies.push(tally);
    return tally;
  }

  /** A line with a new MTU tells of a router further ahead that refused the probe, not of one at this ttl. */
  function takeRow(ttl: number, isFirst: boolean, text: string): void {
    const [, host = '', time = '', remarks = text] = answer.exec(text) ?? [];
    const found = /\bpmtu (\d{2,5})\b/.exec(remarks)?.[1];
    if (found !== undefined) {
      mtu = Number(found);
      if (isFirst && host !== '' && !host.startsWith('[')) source = host;
      return;
    }
    const tally = tallyOf(ttl);
    if (host === '') {
      tally.lost();
      return;
    }
    const { address, name } = readHopHost(host);
    const by = { address, name, asn: null };
    tally.answered(by, roundTripMs(Number(time.replace(',', '.'))));
    tally.mtu = mtu;
    const mark = /(?:^|\s)(![A-Z0-9]*)/.exec(remarks)?.[1];
    if (mark !== undefined) tally.error ??= readErrorMark(mark);
    if (/\breached\b/.test(remarks)) target = by;
  }

  return {
    take({ text, number, byte }) {
      if (isComplete) return false;
      if (/^\s+(Too many hops|Resume):/.test(text)) {
        isComplete = text.includes('Resume:');
        return begun !== null;
      }
      const [, digits, unsure, rest = ''] = row.exec(text) ?? [];
      const ttl = Number(digits);
      const isFirst = begun === null;
      const goesOn = isFirst || (unsure === undefined && ttl >= (tallies.at(-1)?.ttl ?? 1));
      if (digits === undefined || !goesOn || ttl < 1 || ttl > maxTtl) return false;
      begun ??= { line: number, byte };
      takeRow(ttl, isFirst, rest);
      return true;
    },
    end() {
      if (begun === null) return;
      const isWhole = isComplete || target !== null;
      if (!isWhole) sink.damage('a path of tracepath that breaks off', begun);
      else
        sink.document(
          {
            tool: 'tracepath',
            source: source === null ? null : sourceOf(source),
            destination: target?.address ?? target?.name ?? null,
            destinationAddress: target?.address ?? null,
            startedAt: null,
            hops: tallies.map((tally) => tally.row()),
            reached: target !== null,
            pathMtu: mtu,
            packetBytes: null,
          },
          begun,
        );
      tallies = [];
      begun = null;
    },
  };
}

function sourceOf(text: string): string | null {
  const { address, name } = readHopHost(text);
  return name ?? address;
}
