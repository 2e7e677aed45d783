import { canonicalAddress } from '../lib/ip.ts';

/**
 * Replacements for the words of a text; each takes lower-case text and returns null for a word that
 * may stay.
 */
export interface WordMask {
  /** A canonical address. */
  readonly address: (address: string) => string | null;
  /** A prefix such as 192.0.2.0/30, in any form. */
  readonly prefix: (prefix: string) => string | null;
  /** A host name. */
  readonly name: (name: string) => string | null;
  /** The digest at the end of the id of a test that has a hidden part. */
  readonly digest: (digest: string) => string;
}

const testId =
  /(incident-|(?<![\w.-]))([\da-f.-]+|unknown)_([\da-f.-]+|unknown)_([a-z\d-]+)_([\da-f]{12})/g;
const prefix = /(?<![\w:.])[\da-f]*[.:][\da-f:.]*\/\d{1,3}(?!\d)/gi;
const ipv4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)/g;
/** An address in a name that was made of it: `10-0-0-1.example.net`, `host-10_0_0_1`. */
const ipv4InName =
  /(?<![\da-z]|\d[-_.])(\d{1,3})[-_.](\d{1,3})[-_.](\d{1,3})[-_.](\d{1,3})(?![-_.]?\d)/g;
const ipv6InName = /(?<![\da-z])[\da-f]{1,4}(?:-{1,2}[\da-f]{1,4}){2,7}(?![\da-z])/g;
/** The names under which DNS keeps the names of addresses: their parts in reverse order. */
const reversedIpv4 = /(?:^|\.)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})\.in-addr\.arpa$/;
const reversedIpv6 = /(?:^|\.)((?:[\da-f]\.){31}[\da-f])\.ip6\.arpa$/;
const ipv6 = /(?<![\w:.])[\da-f]*:[\da-f]*:[\da-f:.]*[\da-f:]/gi;
const name = /[\p{L}\d_](?:[\p{L}\d_-]|\.(?=[\p{L}\d_]))*/gu;

/**
 * Replaces every address, prefix, test id and host name that must stay hidden in a text from
 * outside.
 */
export function maskText(text: string, mask: WordMask): string {
  const entireText = mask.prefix(text.toLowerCase()) ?? mask.name(text.toLowerCase());
  if (entireText !== null) return entireText;
  const address = (found: string) => {
    const canonical = canonicalAddress(withoutLeadingZeros(found));
    return (canonical === null ? null : mask.address(canonical)) ?? found;
  };
  return text
    .replace(testId, (_id, ...groups: string[]) => maskTestId(groups, mask))
    .replace(prefix, (found) => mask.prefix(found.toLowerCase()) ?? found)
    .replace(ipv4, address)
    .replace(ipv6, address)
    .replace(name, (found) => maskName(found.toLowerCase(), mask) ?? found);
}

function withoutLeadingZeros(address: string): string {
  return address.includes(':') ? address : address.replace(/(?<!\d)0+(?=\d)/g, '');
}

/** The pseudonym of a name that is hidden itself, or that was made of a hidden address. */
function maskName(text: string, mask: WordMask): string | null {
  const own = mask.name(text);
  if (own !== null) return own;
  for (const address of addressesInName(text)) {
    const pseudonym = mask.address(address);
    if (pseudonym !== null) return pseudonym;
  }
  return null;
}

/** The addresses that a name in lower case may contain. */
function addressesInName(text: string): string[] {
  const reverse = (parts: string | undefined) => parts?.split('.').reverse() ?? [];
  const nibbles = reverse(reversedIpv6.exec(text)?.[1]).join('');
  return [
    ...[...text.matchAll(ipv4InName)].map(([, ...parts]) => parts.join('.')),
    ...[...text.matchAll(ipv6InName)].map(([found]) => found.replaceAll('-', ':')),
    reverse(reversedIpv4.exec(text)?.[1]).join('.'),
    nibbles.replace(/(.{4})(?!$)/g, '$1:'),
  ]
    .map((found) => canonicalAddress(withoutLeadingZeros(found)))
    .filter((address) => address !== null);
}

/**
 * Masks the id of a test, given as the groups of `testId`: the addresses of its two ends, its tool,
 * and a digest of all that identifies the test, names included. The digest goes too, because it
 * would confirm a guess of those.
 */
function maskTestId(
  [lead = '', source = '', destination = '', tool = '', digest = '']: readonly string[],
  mask: WordMask,
): string {
  const ends = [maskEndpoint(source, mask), maskEndpoint(destination, mask)];
  const isUnmasked = mask.name(digest) === null && ends[0] === source && ends[1] === destination;
  return `${lead}${[...ends, tool, isUnmasked ? digest : mask.digest(digest)].join('_')}`;
}

function maskEndpoint(part: string, { address }: WordMask): string {
  const known = canonicalAddress(part.includes('.') ? part : part.replaceAll('-', ':'));
  return (known === null ? null : address(known)) ?? part;
}
