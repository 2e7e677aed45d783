import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Length of a key, bytes. */
const keyLength = 16;
/** Where the four bytes of IPv4 stand in IPv6 (RFC 4291, 2.5.5.2). */
const mapped = Buffer.from('00000000000000000000ffff', 'hex');

/**
 * An address as 16 bytes that sort as addresses do, IPv4 as a part of IPv6; null for text that is none. Faster than
 * `canonicalAddress` for files of a million addresses, and without its cache.
 */
export function addressKey(text: string): Buffer | null {
  if (isIPv4(text)) {
    const key = Buffer.alloc(keyLength);
    mapped.copy(key);
    for (const [index, part] of text.split('.').entries()) key[12 + index] = Number(part);
    return key;
  }
  if (!isIPv6(text) || text.includes('%')) return null;
  return Buffer.from(ipaddr.IPv6.parse(text).toByteArray());
}

/** Ranges in which an address means another machine at every site, or none at all. */
const nonPublicRanges = new Set([
  'private',
  'carrierGradeNat',
  'uniqueLocal',
  'loopback',
  'linkLocal',
  'unspecified',
  'multicast',
  'broadcast',
]);

/** Whether an address can be announced to all. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && !nonPublicRanges.has(ipaddr.process(address).range());
}

/** The name under which DNS keeps what belongs to an address: its bytes (IPv6: its 32 digits) from the last to the first. */
export function reverseDnsName(address: string, zone4: string, zone6: string): string {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  if (parsed.kind() === 'ipv4') return `${bytes.reverse().join('.')}.${zone4}`;
  return `${Buffer.from(bytes).toString('hex').split('').reverse().join('.')}.${zone6}`;
}
