import { domainToASCII } from 'node:url';

/** A label of a host name; underscores occur in the wild. No label begins with a hyphen. */
const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A host name as it is written here: lower case, without the final dot, an international one in its ASCII form; it fits
 * a command line and a file name as it is. null for what can be no host name. What looks like an address
 * is none: the last label has a letter.
 */
export function canonicalHostName(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 1000) return null;
  const plain = text.trim().replace(/\.$/, '').toLowerCase();
  // The URL rules that turn a name into ASCII drop some characters and stop at others.
  if (!/^([a-z0-9._-]|[^\0-\x7f])*$/.test(plain)) return null;
  const name = /^[\x20-\x7e]*$/.test(plain) ? plain : domainToASCII(plain);
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((part) => label.test(part))) return null;
  return /[a-z]/.test(labels.at(-1) ?? '') ? name : null;
}
