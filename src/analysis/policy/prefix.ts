/**
 * Whether a canonical address lies within a prefix such as `198.51.100.0/24` or `2001:db8::/32`;
 * null when `prefix` is none.
 */
export function inPrefix(prefix: string, address: string): boolean | null {
  const [network = '', length, ...rest] = prefix.split('/');
  if (length === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) return null;
  const wanted = bitsOf(network);
  if (wanted === null || Number(length) > wanted.length) return null;
  const found = bitsOf(address);
  if (found === null || found.length !== wanted.length) return false;
  return found.startsWith(wanted.slice(0, Number(length)));
}

/** An address as a text of 32 or 128 zeros and ones; null for anything else. */
function bitsOf(address: string): string | null {
  return address.includes(':') ? bitsOfV6(address) : bitsOfV4(address);
}

function bitsOfV4(address: string): string | null {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return null;
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('');
}

function bitsOfV6(address: string): string | null {
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return null;
  const before = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - behind.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...behind];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}
