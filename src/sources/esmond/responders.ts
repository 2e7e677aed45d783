import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Responder } from '../../model/trace.ts';

/** What a hop record says of the address that answered. */
export interface RawResponder {
  readonly hostname?: unknown;
  readonly as?: unknown;
}

/** An address met in an answer. `index` is its place in the order of first appearance. */
export interface Met {
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
  meet(ip: unknown, record: RawResponder, likely: Met | undefined): Met | null;
  responders(): Map<string, Responder>;
}

/** An empty table. Names and AS numbers come and go with DNS: the last that was good is kept. */
export function createResponderTable(): ResponderTable {
  const byText = new Map<string, Met | null>();
  const byAddress = new Map<string, Met>();

  const admit = (text: string): Met | null => {
    const address = canonicalAddress(text);
    let met = address === null ? null : (byAddress.get(address) ?? null);
    if (address !== null && met === null) {
      met = newcomer(address, text, byAddress.size);
      byAddress.set(address, met);
    }
    byText.set(text, met);
    return met;
  };

  return {
    meet: (ip, record, likely) => {
      if (typeof ip !== 'string') return null;
      const known = likely?.text === ip ? likely : byText.get(ip);
      const met = known === undefined ? admit(ip) : known;
      if (met === null) return null;
      if (record.hostname !== met.rawName) learnName(met, record.hostname);
      if (record.as !== undefined) learnAs(met, record.as);
      return met;
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

function newcomer(address: string, text: string, index: number): Met {
  const unknown = { hostname: null, asn: null, asName: null };
  return { address, text, index, ...unknown, rawName: undefined, rawNumber: null, rawOwner: null };
}

/** What systemd's resolver calls the default gateway and this machine, on every host alike. */
const namesOfNobody = new Set(['gateway', '_gateway', 'localhost', 'localhost.localdomain']);

function learnName(met: Met, raw: unknown): void {
  if (raw === undefined || raw === null) return;
  met.rawName = raw;
  met.hostname = nameOf(raw) ?? met.hostname;
}

/** As sent and as kept, for a mesh of thousands of tests meets some ten thousand names, time and again. */
const names = new Map<string, string | null>();
const mostNames = 65_536;
const longestName = 255;

/** A host's name as it is kept; null for what names nobody. */
function nameOf(raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  const known = names.get(raw);
  if (known !== undefined) return known;
  const name = cleanText(raw)?.toLowerCase().replace(/\.$/, '') ?? '';
  const usable = name !== '' && !namesOfNobody.has(name) && !isAddress(name);
  if (names.size >= mostNames) names.clear();
  if (raw.length <= longestName) names.set(raw, usable ? name : null);
  return usable ? name : null;
}

/** Names are looked at first, lest all of them are remembered as no addresses. */
function isAddress(name: string): boolean {
  return /:|^[\d.]+$/.test(name) && canonicalAddress(name) !== null;
}

/** `{number, owner}`, a bare number, or text such as `AS64500`, `64500` and `AS64500 EXAMPLE`. */
function learnAs(met: Met, raw: unknown): void {
  const isObject = typeof raw === 'object' && raw !== null;
  const { number, owner } = isObject
    ? (raw as { number?: unknown; owner?: unknown })
    : { number: raw, owner: null };
  if (number === met.rawNumber && owner === met.rawOwner) return;
  met.rawNumber = number;
  met.rawOwner = owner;
  const text = typeof number === 'number' ? String(number) : (cleanText(number) ?? '');
  const [, digits = '', rest = ''] = /^(?:AS)?\s*(\d{1,10})\b\s*(.*)$/i.exec(text) ?? [];
  const asn = Number(digits);
  if (asn < 1 || asn > 0xffff_ffff) return;
  const name = cleanText(owner ?? rest);
  if (name !== null || asn !== met.asn) met.asName = name;
  met.asn = asn;
}
