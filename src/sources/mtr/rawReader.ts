import { canonicalAddress } from '../../lib/ip.ts';
import {
  type Answer,
  type Format,
  type HopRow,
  maxTtl,
  mostHosts,
  type Place,
  type Reader,
  type RunDocument,
  type Sink,
} from './document.ts';
import { nameOf } from './hopHost.ts';
import { createTimes, roundTripMs, type Times } from './times.ts';

/** `mtr --raw`: a line for each probe and each reply. It tells neither host, target nor time. */
export const rawFormat: Format = {
  begins: (text) => rawLine.test(text),
  open: createRawReader,
};

const rawLine = /^([xhpdmt]) (\d{1,3}) (\S+)(?: (.*))?$/;

/** mtr counts its probes up to here and begins anew. */
const lastSequence = 65_535;

interface Host {
  readonly address: string;
  readonly times: Times;
  name: string | null;
}

/** What came back from one ttl. */
interface Slot {
  sent: number;
  readonly hosts: Host[];
  /** Who answered last: a reply is of the host named last. */
  current: Host | null;
}

function createRawReader(sink: Sink): Reader {
  let slots: Slot[] = [];
  let begun: Place | null = null;
  let sequence = -1;
  let isDamaged = false;

  function finish(): void {
    if (begun !== null && !isDamaged) sink.document(runOf(slots), begun);
    slots = [];
    begun = null;
    sequence = -1;
    isDamaged = false;
  }

  function slotAt(position: number): Slot {
    const slot = slots[position] ?? { sent: 0, hosts: [], current: null };
    slots[position] = slot;
    return slot;
  }

  return {
    take({ text, number, byte }) {
      const [, kind, position, value = '', rest = ''] = rawLine.exec(text) ?? [];
      const place = { line: number, byte };
      if (kind === 'x' && startsAnew(Number(value), sequence)) finish();
      if (kind === undefined || text.trim() === '') return false;
      begun ??= place;
      if (kind === 'x') sequence = Number(value);
      const isGood =
        Number(position) < maxTtl && takeLine(slotAt(Number(position)), kind, value, rest);
      if (!isGood && !isDamaged) {
        sink.damage('a line of raw output that is damaged', place);
        isDamaged = true;
      }
      return true;
    },
    end: finish,
  };
}

/** Every run of mtr counts from the same number. */
function startsAnew(value: number, before: number): boolean {
  return before >= 0 && value <= before && before !== lastSequence;
}

/** False for what mtr does not write. */
function takeLine(slot: Slot, kind: string, value: string, rest: string): boolean {
  if (kind === 'x') {
    slot.sent += 1;
    return /^\d+$/.test(value);
  }
  if (kind === 'h') return meet(slot, value);
  if (kind === 'p') {
    slot.current?.times.add(roundTripMs(Number(value) / 1000));
    return slot.current !== null && /^\d+$/.test(value);
  }
  if (kind === 'd' && slot.current !== null) slot.current.name = nameOf(`${value} ${rest}`);
  return true;
}

function meet(slot: Slot, text: string): boolean {
  const address = canonicalAddress(text);
  if (address === null) return false;
  slot.current = slot.hosts.find((host) => host.address === address) ?? null;
  if (slot.current !== null) return true;
  slot.current = { address, times: createTimes(), name: null };
  if (slot.hosts.length < mostHosts) slot.hosts.push(slot.current);
  return true;
}

function runOf(slots: readonly Slot[]): RunDocument {
  const hops = slots.flatMap((slot, position): HopRow[] =>
    slot === undefined ? [] : [rowOf(slot, position + 1)],
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
function rowOf({ sent, hosts }: Slot, ttl: number): HopRow {
  const answers = hosts.map(({ address, name, times }): Answer => {
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
