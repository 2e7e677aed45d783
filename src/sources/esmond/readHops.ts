import { cleanText } from '../../lib/text.ts';
import { bufferFor, type HopBuffers, maxTtl } from './hopBuffers.ts';
import type { RawResponder, ResponderTable } from './responderTable.ts';

/** A hop as any generation of archive sends it; every value may be a number or its text. */
interface HopRecord extends RawResponder {
  readonly ttl?: unknown;
  readonly ip?: unknown;
  readonly rtt?: unknown;
  readonly mtu?: unknown;
  readonly 'error-message'?: unknown;
  readonly error_message?: unknown;
}

/** No probe is waited for that long, milliseconds. */
const maxRttMs = 600_000;
/** A flow of so many records is no trace: 255 hops with 16 probes each. */
const maxRecords = 4096;

/**
 * Notes the hop records of one flow in `slots`. `firstTtl`: where probing began. pScheduler numbers hops from 1 wherever it
 * began, bwctl sends true ttls: a first record below `firstTtl` tells which it is. False when a record is damaged.
 */
export function addFlow(
  buffers: HopBuffers,
  flow: readonly unknown[],
  firstTtl: number,
  table: ResponderTable,
): boolean {
  if (flow.length > maxRecords) return false;
  const shift = firstTtl > 1 && ttlOf(flow[0]) < firstTtl ? firstTtl - 1 : 0;
  for (const record of flow) {
    const ttl = ttlOf(record) + shift;
    if (!(Number.isInteger(ttl) && ttl >= 1 && ttl <= maxTtl)) return false;
    addHop(buffers, ttl, record as HopRecord, table);
  }
  return true;
}

function ttlOf(record: unknown): number {
  if (typeof record !== 'object' || record === null) return Number.NaN;
  return numberOf((record as HopRecord).ttl);
}

/** Whether something answered shows in `ip` alone: a silent hop has `success: 1`, one with an ICMP error 0. */
function addHop(buffers: HopBuffers, ttl: number, hop: HopRecord, table: ResponderTable): void {
  const buffer = bufferFor(buffers, ttl);
  buffer.sent += 1;
  if (hop.mtu !== undefined) buffer.mtu = mtuOf(hop.mtu) ?? buffer.mtu;
  const error = hop['error-message'] ?? hop.error_message;
  if (error !== undefined && error !== null) buffer.error ??= errorOf(error);
  const responder = table.internResponder(hop.ip, hop, buffer.responders[buffer.responderCount]);
  if (responder === null) return;
  const rttMs = rttOf(hop.rtt);
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

/** A number or the text of one; NaN for everything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** Milliseconds with a resolution of 1 µs. Zero is a real time: pScheduler's traceroute cuts to 0.1 ms. */
function rttOf(value: unknown): number | null {
  const rtt = numberOf(value);
  return rtt >= 0 && rtt <= maxRttMs ? Math.round(rtt * 1000) / 1000 : null;
}

/** Bytes; null for what no link has. esmond stores a counter and answers `9000.0`, bwctl `"9000"`. */
export function mtuOf(value: unknown): number | null {
  const mtu = numberOf(value);
  return Number.isInteger(mtu) && mtu >= 68 && mtu <= 0xffff_ffff ? mtu : null;
}

/** bwctl's words for an ICMP error in pScheduler's; a probe without an answer is no error. */
const bwctlErrors: Readonly<Record<string, string | null>> = {
  requestTimedOut: null,
  noRouteToTarget: 'net-unreachable',
  unknownDestinationAddress: 'host-unreachable',
  interfaceInactiveToTarget: 'source-route-failed',
  internalError: 'unknown-error',
  unknown: 'unknown-error',
};

function errorOf(value: unknown): string | null {
  const text = cleanText(value, 80);
  if (text === null) return null;
  const translated = Object.hasOwn(bwctlErrors, text) ? bwctlErrors[text] : undefined;
  return translated === undefined ? text : translated;
}
