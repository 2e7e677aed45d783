import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Responder } from '../../model/trace.ts';

/** What a hop record says of the address that answered. */
export interface RawResponder {
  readonly hostname?: unknown;
  readonly as?: unknown;
}

/** An address met in an answer. `index` is its place in the order of first appearance. */
export interface ResponderEntry {
  readonly address: string;
  /** The text by which a hop record named it first. */
  readonly text: string;
  readonly index: number;
  hostname: string | null;
  asn: number | null;
  asName: string | null;
  /** As last sent: the same text is not cleaned twice. */
  rawName: unknown;
  rawNumber: unknown;
  rawOwner: unknown;
}

/** The addresses of one answer and what is known of them. */
export interface ResponderTable {
  /**
   * The address that a hop record names, having noted its name and AS; null when no address answered. `likely`: which of this table
   * it may well be, as what answered at this place the last time.
   */
  internResponder(
    ip: unknown,
    record: RawResponder,
    hint: ResponderEntry | undefined,
  ): ResponderEntry | null;
  responders(): Map<string, Responder>;
}

/** An empty table. Names and AS numbers come and go with DNS: the last that was good is kept. */
export function createResponderTable(): ResponderTable {
  const byText = new Map<string, ResponderEntry | null>();
  const byAddress = new Map<string, ResponderEntry>();

  const addResponder = (text: string): ResponderEntry | null => {
    const address = canonicalAddress(text);
    let entry = address === null ? null : (byAddress.get(address) ?? null);
    if (address !== null && entry === null) {
      entry = createResponderEntry(address, text, byAddress.size);
      byAddress.set(address, entry);
    }
    byText.set(text, entry);
    return entry;
  };

  return {
    internResponder: (ip, record, hint) => {
      if (typeof ip !== 'string') return null;
      const known = hint?.text === ip ? hint : byText.get(ip);
      const entry = known === undefined ? addResponder(ip) : known;
      if (entry === null) return null;
      if (record.hostname !== entry.rawName) updateName(entry, record.hostname);
      if (record.as !== undefined) updateAs(entry, record.as);
      return entry;
    },
    responders: () =>
      new Map(
        [...byAddress.values()].map(({ address, hostname, asn, asName }) => [
          address,
          { address, hostname, asn, asName },
        ]),
      ),
  };
}

function createResponderEntry(address: string, text: string, index: number): ResponderEntry {
  const unknown = { hostname: null, asn: null, asName: null };
  return { address, text, index, ...unknown, rawName: undefined, rawNumber: null, rawOwner: null };
}

/** What systemd's resolver calls the default gateway and this machine, on every host alike. */
const genericHostNames = new Set(['gateway', '_gateway', 'localhost', 'localhost.localdomain']);

function updateName(entry: ResponderEntry, raw: unknown): void {
  if (raw === undefined || raw === null) return;
  entry.rawName = raw;
  entry.hostname = nameOf(raw) ?? entry.hostname;
}

/** As sent and as kept, for a mesh of thousands of tests meets some ten thousand names, time and again. */
const nameCache = new Map<string, string | null>();
const maxCachedNames = 65_536;
const maxNameLength = 255;

/** A host's name as it is kept; null for what names nobody. */
function nameOf(raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  const known = nameCache.get(raw);
  if (known !== undefined) return known;
  const name = cleanText(raw)?.toLowerCase().replace(/\.$/, '') ?? '';
  const isUsable = name !== '' && !genericHostNames.has(name) && !isAddress(name);
  if (nameCache.size >= maxCachedNames) nameCache.clear();
  if (raw.length <= maxNameLength) nameCache.set(raw, isUsable ? name : null);
  return isUsable ? name : null;
}

/** Names are looked at first, lest all of them are remembered as no addresses. */
function isAddress(name: string): boolean {
  return /:|^[\d.]+$/.test(name) && canonicalAddress(name) !== null;
}

/** `{number, owner}`, a bare number, or text such as `AS64500`, `64500` and `AS64500 EXAMPLE`. */
function updateAs(entry: ResponderEntry, raw: unknown): void {
  const isObject = typeof raw === 'object' && raw !== null;
  const { number, owner } = isObject
    ? (raw as { number?: unknown; owner?: unknown })
    : { number: raw, owner: null };
  if (number === entry.rawNumber && owner === entry.rawOwner) return;
  entry.rawNumber = number;
  entry.rawOwner = owner;
  const text = typeof number === 'number' ? String(number) : (cleanText(number) ?? '');
  const [, digits = '', rest = ''] = /^(?:AS)?\s*(\d{1,10})\b\s*(.*)$/i.exec(text) ?? [];
  const asn = Number(digits);
  if (asn < 1 || asn > 0xffff_ffff) return;
  const name = cleanText(owner ?? rest);
  if (name !== null || asn !== entry.asn) entry.asName = name;
  entry.asn = asn;
}
