import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { familyOf } from '../model/trace/addressKinds.ts';

/** Longest text of an IPv6 address, with an embedded IPv4 address. */
const maxAddressLength = 45;
/**
 * A mesh of thousands of tests has about ten thousand addresses; hostile archives could send any
 * number.
 */
const cacheLimit = 100_000;
const cache = new Map<string, string | null>();

/**
 * The canonical form of an address: dotted IPv4, or IPv6 by RFC 5952. An IPv4-mapped IPv6 address
 * becomes IPv4. null for anything else, such as names, prefixes, zone ids, and values that are not
 * strings.
 */
export function canonicalAddress(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (text.length > maxAddressLength + 10) return null;
  if (cache.size >= cacheLimit) cache.clear();
  const address = normalize(text.trim());
  cache.set(text, address);
  return address;
}

function normalize(text: string): string | null {
  if (isIPv4(text)) return text;
  if (!isIPv6(text) || text.includes('%')) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress()
    ? address.toIPv4Address().toString()
    : address.toRFC5952String();
}

/**
 * The canonical form of a prefix in CIDR form. An address alone becomes a prefix of full length.
 * null for anything else.
 */
export function canonicalPrefix(text: string): string | null {
  const [head = '', bits, ...more] = text.trim().split('/');
  const address = canonicalAddress(head);
  if (address === null || more.length > 0) return null;
  const maxBits = familyOf(address) === 4 ? 32 : 128;
  if (bits === undefined) return `${address}/${maxBits}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= maxBits ? `${address}/${Number(bits)}` : null;
}
