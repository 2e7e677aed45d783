import { canonicalHostName } from '../../lib/hostName.ts';
import { cleanText } from '../../lib/text.ts';
import { responderAddress } from '../probeValues.ts';

/** The host of a hop as an output names it. */
export interface HopHost {
  readonly address: string | null;
  readonly name: string | null;
  /** ICMP error in pScheduler's words. */
  readonly error: string | null;
}

/** Errors that mtr after 0.96 writes after a host, or in place of it. */
const routeEndErrors: Readonly<Record<string, string>> = {
  'no route to host': 'host-unreachable',
  'no route to network': 'net-unreachable',
  'host is down': 'destination-host-unknown',
  'network is down': 'destination-network-unknown',
};

/** A responder: an address, a name, or both. */
export interface NamedAddress {
  readonly address: string | null;
  readonly name: string | null;
}

/**
 * Parses the host of a hop: an address, a name, `name (address)`, `address (name)` or `???`, each
 * perhaps with mtr's words for an ICMP error. A silent hop has neither address nor name.
 */
export function parseHopHost(text: string): HopHost {
  const [, before = text, within = ''] = /^(.*?)\s*\(([^()]*)\)$/s.exec(text.trim()) ?? [];
  if (Object.hasOwn(routeEndErrors, within)) {
    return { ...parseHopHost(before), error: routeEndErrors[within] ?? null };
  }
  const { address, name } = parseResponder(before, within);
  return { address, name: address === null ? nameOf(text) : name, error: null };
}

/**
 * The responder of a text and the text in brackets behind it. Tools write the address first or
 * last. A text in brackets that is not an address never replaces one.
 */
export function parseResponder(before: string, within: string): NamedAddress {
  const [first, last] = [responderAddress(before), responderAddress(within)];
  if (first === null) return { address: last, name: nameOf(before) };
  return { address: last ?? first, name: last === null ? canonicalHostName(within) : null };
}

/** A host name in lower case without the final dot; null for `???` and an empty text. */
export function nameOf(text: string): string | null {
  const name = cleanText(text)?.toLowerCase().replace(/ *\.$/, '') ?? '';
  return name === '' || name === '???' ? null : name;
}

/** Parses `AS64500`, or the first AS of a set. null for `AS???` and the other columns of `-y`. */
export function parseAsn(text: unknown): number | null {
  const digits = typeof text === 'string' ? /^\s*AS\s*(\d{1,10})\b/i.exec(text)?.[1] : undefined;
  const asn = Number(digits ?? 0);
  return asn >= 1 && asn <= 0xffff_ffff ? asn : null;
}
