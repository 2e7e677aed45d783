import { canonicalAddress } from '../lib/ip.ts';
import { roundDecimals } from '../lib/roundDecimals.ts';

/** Largest ttl. */
export const maxTtl = 255;

/** No tool waits longer for a reply, milliseconds. */
const maxRttMs = 600_000;

/** A plausible round-trip time, ms rounded to 1 µs; null for anything else. Zero is valid. */
export function roundTripMs(value: number): number | null {
  return value >= 0 && value <= maxRttMs ? roundDecimals(value) : null;
}

/** The zone of an IPv6 address, such as `eth0` in `fe80::1%eth0`. */
const zonePattern = /^([^%]*:[^%]*)%[\w.:@-]+$/;

/**
 * The canonical address of a responder as a tool writes it. The zone is dropped: it names an
 * interface of the measuring host. null for anything that is not an address.
 */
export function responderAddress(text: unknown): string | null {
  if (typeof text !== 'string' || !text.includes('%')) return canonicalAddress(text);
  return canonicalAddress(zonePattern.exec(text.trim())?.[1] ?? null);
}
