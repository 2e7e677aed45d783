import { canonicalAddress } from '../lib/ip.ts';
import { familyOf } from '../model/trace/addressKinds.ts';

/**
 * A test pattern, `source > destination` or one text, with addresses in canonical form; null for a
 * pattern that cannot match.
 */
export function parseTestPattern(text: string): string | null {
  const parts = text.split('>').map((part) => part.trim());
  if (parts.length > 2 || parts.includes('')) return null;
  return parts.map((part) => canonicalAddress(part) ?? part).join(' > ');
}

/** A router, address, prefix or AS with addresses in canonical form; null for an invalid prefix. */
export function parseElementPattern(text: string): string | null {
  const part = text.trim();
  const [network = '', length, ...rest] = part.split('/');
  if (length === undefined) return part === '' ? null : (canonicalAddress(part) ?? part);
  const address = canonicalAddress(network);
  if (address === null || rest.length > 0 || !/^\d{1,3}$/.test(length)) return null;
  return Number(length) <= (familyOf(address) === 4 ? 32 : 128) ? `${address}/${length}` : null;
}

/** Whether a text is an AS path with `?` for one AS and `*` for any number of them. */
export function isAsPath(text: string): boolean {
  return /^(\*|\?|(AS)?\d{1,10})(\s+(\*|\?|(AS)?\d{1,10}))*$/i.test(text.trim());
}

/**
 * Whether a text is `address`, or `Name <address>` if `allowsName`. Control characters, which could
 * end a header, are refused.
 */
export function isMailAddress(text: string, allowsName: boolean): boolean {
  const [, inner] = (allowsName && /^[^<>\p{Cc}]*<([^<>]*)>$/u.exec(text)) || ['', text];
  return inner !== undefined && inner.length <= 254 && mailAddressPattern.test(inner);
}

/** Addresses without quoted local parts and comments, which current servers reject. */
const mailAddressPattern =
  /^[^\s@<>()[\],;:\\"\p{Cc}]+@([\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*|\[[\da-f.:]+\])$/iu;
