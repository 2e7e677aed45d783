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
    const canonical = canonicalAddress(found);
    return (canonical === null ? null : mask.address(canonical)) ?? found;
  };
  return text
    .replace(testId, (_id, ...groups: string[]) => maskTestId(groups, mask))
    .replace(prefix, (found) => mask.prefix(found.toLowerCase()) ?? found)
    .replace(ipv4, address)
    .replace(ipv6, address)
    .replace(name, (found) => mask.name(found.toLowerCase()) ?? found);
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
