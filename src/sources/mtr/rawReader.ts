import { canonicalAddress } from '../../lib/ip.ts';
import { nameOf } from './hopHost.ts';
import { createReplyTimes, type ReplyTimes, roundTripMs } from './replyTimes.ts';
import {
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopAnswer,
  type HopRow,
  maxHosts,
  maxTtl,
  type OutputFormat,
  type RunDocument,
} from './runDocument.ts';

/** `mtr --raw`: a line for each probe and each reply. It tells neither host, target nor time. */
export const rawFormat: OutputFormat = {
  recognizes: (text) => rawLine.test(text),
  open: createRawReader,
};

const rawLine = /^([xhpdmt]) (\d{1,3}) (\S+)(?: (.*))?$/;

/** mtr counts its probes up to here and begins anew. */
const lastSequence = 65_535;

interface RawHost {
  readonly address: string;
  readonly times: ReplyTimes;
  name: string | null;
}

/** What came back from one ttl. */
interface RawHop {
  sent: number;
  readonly hosts: RawHost[];
  /** Who answered last: a reply is of the host named last. */
  current: RawHost | null;
}

function createRawReader(sink: DocumentSink): DocumentReader {
  let hops: RawHop[] = [];
  let start: FilePosition | null = null;
  let sequence = -1;
  let isDamaged = false;

  function finish(): void {
    if (start !== null && !isDamaged) sink.onRun(runOf(hops), start);
    hops = [];
    start = null;
    sequence = -1;
    isDamaged = false;
  }

  function hopAt(position: number): RawHop {
    const hop = hops[position] ?? { sent: 0, hosts: [], current: null };
    hops[position] = hop;
    return hop;
  }

  return {
    readLine({ text, number, byte }) {
      const [, kind, position, value = '', rest = ''] = rawLine.exec(text) ?? [];
      const place = { line: number, byte };
      if (kind === 'x' && startsNewRun(Number(value), sequence)) finish();
      if (kind === undefined || text.trim() === '') return false;
      start ??= place;
      if (kind === 'x') sequence = Number(value);
      const isGood =
        Number(position) < maxTtl && applyLine(hopAt(Number(position)), kind, value, rest);
      if (!isGood && !isDamaged) {
        sink.onFault('a line of raw output that is damaged', place);
        isDamaged = true;
      }
      return true;
    },
    end: finish,
  };
}

/** Every run of mtr counts from the same number. */
function startsNewRun(value: number, before: number): boolean {
  return before >= 0 && value <= before && before !== lastSequence;
}

/** False for what mtr does not write. */
function applyLine(hop: RawHop, kind: string, value: string, rest: string): boolean {
  if (kind === 'x') {
    hop.sent += 1;
    return /^\d+$/.test(value);
  }
  if (kind === 'h') return applyHost(hop, value);
  if (kind === 'p') {
    hop.current?.times.add(roundTripMs(Number(value) / 1000));
    return hop.current !== null && /^\d+$/.test(value);
  }
  if (kind === 'd' && hop.current !== null) hop.current.name = nameOf(`${value} ${rest}`);
  return true;
}

function applyHost(hop: RawHop, text: string): boolean {
  const address = canonicalAddress(text);
  if (address === null) return false;
  hop.current = hop.hosts.find((host) => host.address === address) ?? null;
  if (hop.current !== null) return true;
  hop.current = { address, times: createReplyTimes(), name: null };
  if (hop.hosts.length < maxHosts) hop.hosts.push(hop.current);
  return true;
}

function runOf(rawHops: readonly RawHop[]): RunDocument {
  const hops = rawHops.flatMap((hop, position): HopRow[] =>
    hop === undefined ? [] : [rowOf(hop, position + 1)],
  );
  return {
    tool: 'mtr',
    source: null,
    destination: null,
    destinationAddress: null,
    startedAt: null,
    hops,
    reached: null,
    pathMtu: null,
    packetBytes: null,
  };
}

/**
 * Output without `x` lines tells nothing of probes that were lost; of which the beginning is cut off has replies to probes that it does
 * not tell.
 */
function rowOf({ sent, hosts }: RawHop, ttl: number): HopRow {
  const answers = hosts.map(({ address, name, times }): HopAnswer => {
    return { address, name, asn: null, ...times.summary() };
  });
  const replies = answers.reduce((sum, { received }) => sum + (received ?? 0), 0);
  return {
    ttl,
    sent: sent === 0 ? null : Math.max(sent, replies),
    answers,
    mtu: null,
    error: null,
  };
}
