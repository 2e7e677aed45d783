import { icmpErrorOf, maxTtl, mtuOf, numberOf, roundTripMs } from '../probeValues.ts';
import { bufferFor, type HopBuffers } from './hopBuffers.ts';
import type { RawResponder, ResponderTable } from './responderTable.ts';

/** A hop record of any generation of archive. Every value may be a number or its text. */
export interface HopRecord extends RawResponder {
  readonly ttl?: unknown;
  readonly ip?: unknown;
  rtt?: unknown;
  readonly mtu?: unknown;
  readonly 'error-message'?: unknown;
  readonly error_message?: unknown;
}

/** The hop records of one flow. */
export interface HopRecords {
  readonly length: number;
  at(index: number): unknown;
}

/** Most records of a flow: 255 hops with 16 probes each. */
const maxRecords = 4096;

/**
 * Adds the hop records of one flow to `buffers`. Probing starts at `firstTtl`. pScheduler numbers
 * hops from 1 regardless, bwctl sends true ttls: a first record below `firstTtl` is from
 * pScheduler. False if a record is invalid.
 */
export function addFlow(
  buffers: HopBuffers,
  flow: HopRecords,
  firstTtl: number,
  table: ResponderTable,
): boolean {
  if (flow.length > maxRecords) return false;
  const shift = firstTtl > 1 && ttlOf(flow.at(0)) < firstTtl ? firstTtl - 1 : 0;
  for (let index = 0; index < flow.length; index += 1) {
    const record = flow.at(index);
    const ttl = ttlOf(record) + shift;
    if (!(Number.isInteger(ttl) && ttl >= 1 && ttl <= maxTtl)) return false;
    addHop(buffers, ttl, record as HopRecord, table);
  }
  return true;
}

/** The ttl in a hop record; NaN for none. */
export function ttlOf(record: unknown): number {
  if (typeof record !== 'object' || record === null) return Number.NaN;
  return numberOf((record as HopRecord).ttl);
}

/** The round-trip time in a hop record, ms; NaN for none. */
export function hopTime({ rtt }: HopRecord): number {
  return numberOf(rtt);
}

/** Only `ip` shows whether a hop replied: `success` is 1 for a silent hop, 0 for an ICMP error. */
function addHop(buffers: HopBuffers, ttl: number, hop: HopRecord, table: ResponderTable): void {
  const buffer = bufferFor(buffers, ttl);
  buffer.sent += 1;
  if (hop.mtu !== undefined) buffer.mtu = mtuOf(hop.mtu) ?? buffer.mtu;
  const error = hop['error-message'] ?? hop.error_message;
  if (error !== undefined && error !== null) buffer.error ??= icmpErrorOf(error);
  const responder = table.internResponder(hop.ip, hop, buffer.responders[buffer.responderCount]);
  if (responder === null) return;
  const rttMs = roundTripMs(hopTime(hop));
  let index = 0;
  while (index < buffer.responderCount && buffer.responders[index] !== responder) index += 1;
  if (index === buffer.responderCount) {
    buffer.responders[index] = responder;
    buffer.rttMs[index] = rttMs;
    buffer.replies[index] = 1;
    buffer.responderCount += 1;
    return;
  }
  buffer.replies[index] = (buffer.replies[index] ?? 0) + 1;
  const best = buffer.rttMs[index] ?? null;
  if (rttMs !== null && (best === null || rttMs < best)) buffer.rttMs[index] = rttMs;
}
