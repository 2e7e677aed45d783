import { isGenericHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Responder } from '../../model/trace/trace.ts';
import { responderAddress } from '../probeValues.ts';

/** The values of a hop record about its responder. */
export interface RawResponder {
  readonly hostname?: unknown;
  readonly as?: unknown;
}

/** An address of a response. `index` is its rank by first appearance. */
export interface ResponderEntry {
  readonly address: string;
  /** Its text in its first hop record. */
  readonly text: string;
  readonly index: number;
  hostname: string | null;
  asn: number | null;
  asName: string | null;
  /** As last sent, so that the same text is not cleaned twice. */
  rawName: unknown;
  rawNumber: unknown;
  rawOwner: unknown;
}

/** The addresses of one response with their names and ASes. */
export interface ResponderTable {
  /**
   * The responder of a hop record, with the record's name and AS; null if it has no address. `hint`
   * is the likely entry, such as the responder at this hop in the previous trace.
   */
  internResponder(
    ip: unknown,
    record: RawResponder,
    hint: ResponderEntry | undefined,
  ): ResponderEntry | null;
  /** Number of different addresses. */
  size(): number;
  /** The first `limit` addresses. */
  responders(limit: number): Map<string, Responder>;
}

/** An empty table. DNS may fail temporarily, so the last good name and AS of an address count. */
export function createResponderTable(): ResponderTable {
  const byText = new Map<string, ResponderEntry | null>();
  const byAddress = new Map<string, ResponderEntry>();

  const addResponder = (text: string): ResponderEntry | null => {
    const address = responderAddress(text);
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
    size: () => byAddress.size,
    responders: (limit) =>
      new Map(
        [...byAddress.values()]
          .slice(0, limit)
          .map(({ address, hostname, asn, asName }) => [
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

function updateName(entry: ResponderEntry, raw: unknown): void {
  if (raw === undefined || raw === null) return;
  entry.rawName = raw;
  entry.hostname = nameOf(raw) ?? entry.hostname;
}

/** Clean names by their raw text: a mesh of thousands of tests repeats about ten thousand names. */
const nameCache = new Map<string, string | null>();
const maxCachedNames = 65_536;
const maxNameLength = 255;

/** A host name in lower case; null for anything else. */
function nameOf(raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  const known = nameCache.get(raw);
  if (known !== undefined) return known;
  const name = cleanText(raw)?.toLowerCase().replace(/\.$/, '') ?? '';
  const isUsable = name !== '' && !isGenericHostName(name) && !isAddress(name);
  if (nameCache.size >= maxCachedNames) nameCache.clear();
  if (raw.length <= maxNameLength) nameCache.set(raw, isUsable ? name : null);
  return isUsable ? name : null;
}

/** The pattern precedes `canonicalAddress`, which would cache every name as a non-address. */
function isAddress(name: string): boolean {
  return /:|^[\d.]+$/.test(name) && canonicalAddress(name) !== null;
}

/** Reads `{number, owner}`, a number, or text such as `AS64500`, `64500` and `AS64500 EXAMPLE`. */
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
