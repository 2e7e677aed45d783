import { roundDecimals } from '../lib/roundDecimals.ts';

/** Largest ttl. */
export const maxTtl = 255;

/** No tool waits longer for a reply, milliseconds. */
const maxRttMs = 600_000;

/** A plausible round-trip time, ms rounded to 1 µs; null for anything else. Zero is valid. */
export function roundTripMs(value: number): number | null {
  return value >= 0 && value <= maxRttMs ? roundDecimals(value) : null;
}
