import { maxTtl } from '../probeValues.ts';
import type { ResponderEntry } from './responderTable.ts';

/** Probes and replies of one ttl. */
export interface HopBuffer {
  /** Number of responders. Later entries of the lists are from earlier traces. */
  responderCount: number;
  /** Distinct responders in the order of their replies. */
  readonly responders: ResponderEntry[];
  /** For each responder: its smallest round-trip time in ms, and its replies. */
  readonly rttMs: (number | null)[];
  readonly replies: number[];
  sent: number;
  mtu: number | null;
  error: string | null;
}

/**
 * The ttls of one trace. The next trace reuses them, so that a long response creates no garbage.
 */
export interface HopBuffers {
  /** By ttl; undefined if no trace had a hop there. */
  readonly at: (HopBuffer | undefined)[];
  first: number;
  last: number;
}

/** Empty buffers. */
export function createHopBuffers(): HopBuffers {
  return { at: [], first: maxTtl + 1, last: 0 };
}

/** A ttl without probes; read-only. */
const emptyBuffer: HopBuffer = {
  responderCount: 0,
  responders: [],
  rttMs: [],
  replies: [],
  sent: 0,
  mtu: null,
  error: null,
};

/** The buffer of a ttl, for reading. */
export function hopAt(buffers: HopBuffers, ttl: number): Readonly<HopBuffer> {
  return buffers.at[ttl] ?? emptyBuffer;
}

/** Clears the buffers for the next trace. */
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

/** The buffer of a ttl from 1 to `maxTtl`, which becomes part of the trace. */
export function bufferFor(buffers: HopBuffers, ttl: number): HopBuffer {
  if (ttl < buffers.first) buffers.first = ttl;
  if (ttl > buffers.last) buffers.last = ttl;
  const known = buffers.at[ttl];
  if (known !== undefined) return known;
  const buffer: HopBuffer = { ...emptyBuffer, responders: [], rttMs: [], replies: [] };
  buffers.at[ttl] = buffer;
  return buffer;
}
