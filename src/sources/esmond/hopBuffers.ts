import type { ResponderEntry } from './responderTable.ts';

/** Largest ttl there is. */
export const maxTtl = 255;

/** Everything that came back from one ttl. */
export interface HopBuffer {
  /** Responders that answered. So many entries of the lists count; those behind them are left from earlier traces. */
  responderCount: number;
  /** Distinct responders in the order in which they answered. */
  readonly responders: ResponderEntry[];
  /** For each of `met`: its smallest round-trip time in ms, and its replies. */
  readonly rttMs: (number | null)[];
  readonly replies: number[];
  sent: number;
  mtu: number | null;
  error: string | null;
}

/** The ttls of one trace. Used again for the next one, so that a long answer leaves no garbage. */
export interface HopBuffers {
  /** By ttl, as far as a trace had a hop there. */
  readonly at: (HopBuffer | undefined)[];
  first: number;
  last: number;
}

/** Room for one trace. */
export function createHopBuffers(): HopBuffers {
  return { at: [], first: maxTtl + 1, last: 0 };
}

/** What nothing is known of. Never written to. */
const emptyBuffer: HopBuffer = {
  responderCount: 0,
  responders: [],
  rttMs: [],
  replies: [],
  sent: 0,
  mtu: null,
  error: null,
};

/** What came back from a ttl, to be read only. */
export function hopAt(buffers: HopBuffers, ttl: number): Readonly<HopBuffer> {
  return buffers.at[ttl] ?? emptyBuffer;
}

/** Makes room for the next trace. */
export function clearHopBuffers(buffers: HopBuffers): void {
  for (let ttl = buffers.first; ttl <= buffers.last; ttl += 1) {
    const buffer = buffers.at[ttl];
    if (buffer === undefined) continue;
    buffer.responderCount = 0;
    buffer.sent = 0;
    buffer.mtu = null;
    buffer.error = null;
  }
  buffers.first = maxTtl + 1;
  buffers.last = 0;
}

/** The slot of a ttl from 1 to `maxTtl`, widening the span of the trace to it. */
export function bufferFor(buffers: HopBuffers, ttl: number): HopBuffer {
  if (ttl < buffers.first) buffers.first = ttl;
  if (ttl > buffers.last) buffers.last = ttl;
  const known = buffers.at[ttl];
  if (known !== undefined) return known;
  const buffer: HopBuffer = { ...emptyBuffer, responders: [], rttMs: [], replies: [] };
  buffers.at[ttl] = buffer;
  return buffer;
}
