import { domainToASCII } from 'node:url';

/** A label of a host name. Underscores occur in practice; no label begins with a hyphen. */
const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Names that systemd's resolver gives to the default gateway and to the host itself, on every host.
 */
const genericHostNames = new Set(['gateway', '_gateway', 'localhost', 'localhost.localdomain']);

/** Whether a lower-case name denotes another host on every machine. */
export function isGenericHostName(name: string): boolean {
  return genericHostNames.has(name);
}

/**
 * The canonical form of a host name: lower case, without the final dot, international names in
 * ASCII. It is safe in command lines and file names. null for anything else, including addresses:
 * the last label must contain a letter.
 */
export function canonicalHostName(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 1000) return null;
  const plain = text.trim().replace(/\.$/, '').toLowerCase();
  // domainToASCII follows the URL rules, which drop some characters and stop at others.
  if (!/^([a-z0-9._-]|[^\0-\x7f])*$/.test(plain)) return null;
  const name = /^[\x20-\x7e]*$/.test(plain) ? plain : domainToASCII(plain);
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((part) => label.test(part))) return null;
  return /[a-z]/.test(labels.at(-1) ?? '') ? name : null;
}
