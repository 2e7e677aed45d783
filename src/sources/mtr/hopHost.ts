import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';

/** Who answered at a hop as an output names it. */
export interface HopHost {
  readonly address: string | null;
  readonly name: string | null;
  /** ICMP error in pScheduler's words. */
  readonly error: string | null;
}

/** What mtr after 0.96 writes in place of a host, or behind it, that reported the end of the path. */
const routeEndErrors: Readonly<Record<string, string>> = {
  'no route to host': 'host-unreachable',
  'no route to network': 'net-unreachable',
  'host is down': 'destination-host-unknown',
  'network is down': 'destination-network-unknown',
};

/**
 * Reads the host of a hop: an address, a name, `name (address)`, `???` for silence, each perhaps with mtr's words for
 * an ICMP error. Neither address nor name: nobody answered.
 */
export function parseHopHost(text: string): HopHost {
  const [, before = text, within = ''] = /^(.*?)\s*\(([^()]*)\)$/s.exec(text.trim()) ?? [];
  if (Object.hasOwn(routeEndErrors, within)) {
    return { ...parseHopHost(before), error: routeEndErrors[within] ?? null };
  }
  const address = canonicalAddress(within);
  if (address !== null) return { address, name: nameOf(before), error: null };
  return { ...parseHost(text), error: null };
}

function parseHost(text: string): { address: string | null; name: string | null } {
  const address = canonicalAddress(text);
  return { address, name: address === null ? nameOf(text) : null };
}

/** A host's name in lower case without the final dot; null for `???` and for nothing. */
export function nameOf(text: string): string | null {
  const name = cleanText(text)?.toLowerCase().replace(/ *\.$/, '') ?? '';
  return name === '' || name === '???' ? null : name;
}

/** What systemd's resolver calls the default gateway and this machine, on every host alike. */
const genericHostNames = new Set(['gateway', '_gateway', 'localhost', 'localhost.localdomain']);

/** Whether a name says which host is meant. */
export function identifiesHost(name: string): boolean {
  return !genericHostNames.has(name);
}

/** `AS64500`; of a set of several the first. null for `AS???` and for what else `-y` can show there. */
export function parseAsn(text: unknown): number | null {
  const digits = typeof text === 'string' ? /^\s*AS(\d{1,10})\b/i.exec(text)?.[1] : undefined;
  const asn = Number(digits ?? 0);
  return asn >= 1 && asn <= 0xffff_ffff ? asn : null;
}
