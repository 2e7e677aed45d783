import { canonicalAddress } from '../lib/ip.ts';
import { roundDecimals } from '../lib/roundDecimals.ts';
import { cleanText } from '../lib/text.ts';
import { icmpErrors } from './mtr/icmpErrors.ts';

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

/** A number or its text; NaN for anything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/**
 * Milliseconds of an ISO 8601 duration as pScheduler writes round-trip times: `PT0.0123S`,
 * `PT1M2S`, or `P0D` for less than the resolution of the tool. null for anything else.
 */
export function durationMs(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  if (value === 'P0D') return 0;
  const [match, minutes = '0', seconds = '0'] =
    /^PT(?=\d)(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(value) ?? [];
  return match === undefined ? null : roundTripMs((Number(minutes) * 60 + Number(seconds)) * 1000);
}

/** Smallest MTU of a link (RFC 791), bytes. */
const minMtu = 68;

/**
 * Bytes; null for an impossible MTU. esmond stores a counter and sends `9000.0`, bwctl sends
 * `"9000"`.
 */
export function mtuOf(value: unknown): number | null {
  const mtu = numberOf(value);
  return Number.isInteger(mtu) && mtu >= minMtu && mtu <= 0xffff_ffff ? mtu : null;
}

const knownErrors: ReadonlySet<string> = new Set(icmpErrors);

/** pScheduler's words for bwctl's ICMP errors; a probe without a reply is not an error. */
const bwctlErrors: Readonly<Record<string, string | null>> = {
  requestTimedOut: null,
  noRouteToTarget: 'net-unreachable',
  unknownDestinationAddress: 'host-unreachable',
  interfaceInactiveToTarget: 'source-route-failed',
  internalError: 'unknown-error',
  unknown: 'unknown-error',
};

/**
 * The ICMP error of a hop record in pScheduler's words; null if it names none. Other words are
 * those of a server, so they do not count.
 */
export function icmpErrorOf(value: unknown): string | null {
  const text = cleanText(value, 80);
  if (text === null) return null;
  const translated = Object.hasOwn(bwctlErrors, text) ? bwctlErrors[text] : undefined;
  if (translated !== undefined) return translated;
  return knownErrors.has(text) || /^unknown-error-\d{1,3}$/.test(text) ? text : 'unknown-error';
}
