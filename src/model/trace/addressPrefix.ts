/**
 * The bytes of an address, 4 or 16; null for any other text, such as a name, a prefix or an address
 * with a zone. It is faster than ipaddr.js: files of a million addresses and each hop of each route
 * need it. A test compares both.
 */
export function addressBytes(text: string): number[] | null {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
}

/** Whether an address lies within the prefix of the test. */
export type PrefixTest = (address: string) => boolean;

/**
 * Creates the test for a prefix such as `198.51.100.0/24` or `2001:db8::/32`; null where `prefix`
 * is none.
 */
export function createPrefixTest(prefix: string): PrefixTest | null {
  const [, start = '', bits = ''] = /^([^/]*)\/(\d{1,3})$/.exec(prefix) ?? [];
  const network = addressBytes(start);
  const length = Number(bits);
  if (network === null || length > network.length * 8) return null;
  const wholeBytes = length >> 3;
  const mask = 0xff & ~(0xff >> (length & 7));
  return (address) => {
    const bytes = addressBytes(address);
    if (bytes?.length !== network.length) return false;
    for (let at = 0; at < wholeBytes; at++) if (bytes[at] !== network[at]) return false;
    return (((bytes[wholeBytes] ?? 0) ^ (network[wholeBytes] ?? 0)) & mask) === 0;
  };
}

/**
 * The subnet that the two ends of a link share: /30 of an IPv4 address, /64 of an IPv6 address, as
 * text. Takes canonical text.
 */
export function linkSubnet(address: string): string {
  if (address.includes(':')) return `${siteSubnet(address)}/64`;
  const dot = address.lastIndexOf('.');
  return `${address.slice(0, dot)}.${Number(address.slice(dot + 1)) & ~3}/30`;
}

/**
 * The usual size of a site's subnet: /24 of an IPv4 address, or /64 of an IPv6 address with its
 * zeros written out, as text. Takes canonical text.
 */
export function siteSubnet(address: string): string {
  if (!address.includes(':')) return address.slice(0, address.lastIndexOf('.'));
  return ipv6Groups(address)?.slice(0, 4).join(':') ?? address;
}

function ipv4Bytes(text: string): number[] | null {
  const bytes: number[] = [];
  for (const part of text.split('.')) {
    const byte = Number(part);
    if (!(byte >= 0 && byte < 256) || String(byte) !== part) return null;
    bytes.push(byte);
  }
  return bytes.length === 4 ? bytes : null;
}

function ipv6Bytes(text: string): number[] | null {
  const plain = text.includes('.') ? withoutIpv4(text) : text;
  const groups = /^[\da-f:]+$/i.test(plain) ? ipv6Groups(plain) : null;
  if (groups === null) return null;
  const bytes: number[] = [];
  for (const group of groups) {
    if (group === '' || group.length > 4) return null;
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

/**
 * Replaces the IPv4 address at the end of an IPv6 address by two groups. As in canonical addresses,
 * the deprecated form `::192.0.2.1` means `::ffff:192.0.2.1`.
 */
function withoutIpv4(text: string): string {
  const end = text.lastIndexOf(':') + 1;
  const bytes = ipv4Bytes(text.slice(end));
  if (bytes === null) return text;
  const start = text.slice(0, end);
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${start === '::' ? '::ffff:' : start}${digits.slice(0, 4)}:${digits.slice(4)}`;
}

/** The eight groups of an IPv6 address, unchecked; null for another number of groups. */
function ipv6Groups(text: string): string[] | null {
  const [head = '', tail, ...more] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before.length === 8 ? before : null;
  const behind = tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - behind.length;
  if (more.length > 0 || missing < 1) return null;
  return [...before, ...new Array<string>(missing).fill('0'), ...behind];
}
