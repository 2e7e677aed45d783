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
  /** The address that a hop record names, having noted its name and AS; null when no address answered. */
  meet(ip: unknown, record: RawResponder): Met | null;
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
      met = newcomer(address, byAddress.size);
      byAddress.set(address, met);
    }
    byText.set(text, met);
    return met;
  };

  return {
    meet: (ip, record) => {
      if (typeof ip !== 'string') return null;
      const known = byText.get(ip);
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

function newcomer(address: string, index: number): Met {
  const unknown = { hostname: null, asn: null, asName: null };
  return { address, index, ...unknown, rawName: undefined, rawNumber: null, rawOwner: null };
}

/** What systemd's resolver calls the default gateway and this machine, on every host alike. */
const namesOfNobody = new Set(['gateway', '_gateway', 'localhost', 'localhost.localdomain']);

function learnName(met: Met, raw: unknown): void {
  if (raw === undefined || raw === null) return;
  met.rawName = raw;
  const name = cleanText(raw)?.toLowerCase().replace(/\.$/, '') ?? '';
  if (name === '' || namesOfNobody.has(name) || canonicalAddress(name) !== null) return;
  met.hostname = name;
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
