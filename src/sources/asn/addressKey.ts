import { addressBytes } from '../../model/trace/addressPrefix.ts';

/** Prefix of IPv4 addresses in IPv6 (RFC 4291, 2.5.5.2). */
const mapped = Buffer.from('00000000000000000000ffff00000000', 'hex');

/** An address as 16 bytes in the order of addresses, IPv4 mapped to IPv6; null for other text. */
export function addressKey(text: string): Buffer | null {
  const bytes = addressBytes(text);
  if (bytes === null) return null;
  const key = Buffer.from(mapped);
  key.set(bytes, key.length - bytes.length);
  return key;
}

/**
 * The DNS name of a valid address below a zone: its bytes (IPv6: its 32 digits) in reverse order.
 */
export function reverseDnsName(address: string, zone4: string, zone6: string): string {
  const bytes = addressBytes(address) ?? [];
  if (bytes.length === 4) return `${bytes.reverse().join('.')}.${zone4}`;
  return `${Buffer.from(bytes).toString('hex').split('').reverse().join('.')}.${zone6}`;
}
