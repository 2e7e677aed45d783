import { cleanText } from '../../lib/text.ts';
import { isPublic, reverseDnsName } from './addressKey.ts';
import { type AsRecord, asNumberOf } from './asRecord.ts';
import { type DnsAnswer, type DnsOptions, queryAll } from './dnsClient.ts';

/**
 * Who announces addresses, as Team Cymru's DNS says: one question for each address, one for the name of each AS. Addresses
 * that cannot be announced are not asked about and not in the result.
 */
export async function lookUpCymru(
  addresses: readonly string[],
  options: DnsOptions,
): Promise<Map<string, DnsAnswer<AsRecord>>> {
  const origins = await queryText(addresses.filter(isPublic), originName, options);
  const numbers = new Map([...origins].map(([address, { value }]) => [address, numberOf(value)]));
  const wanted = [...numbers.values()].filter((asn) => asn !== null).map(String);
  const names = await queryText(wanted, (asn) => `AS${asn}.asn.cymru.com`, options);
  return new Map(
    [...origins].map(([address, { failed }]): [string, DnsAnswer<AsRecord>] => {
      const asn = numbers.get(address) ?? null;
      if (failed) return [address, { value: null, failed }];
      if (asn === null) return [address, { value: null, failed: false }];
      const asName = nameOf(names.get(String(asn))?.value ?? null);
      return [address, { value: { asn, asName }, failed: false }];
    }),
  );
}

function queryText(
  keys: readonly string[],
  queryName: (key: string) => string,
  options: DnsOptions,
): Promise<Map<string, DnsAnswer<string>>> {
  return queryAll(
    keys,
    async (resolver, key) => {
      const [first] = await resolver.resolveTxt(queryName(key));
      return first?.join('') ?? null;
    },
    options,
  );
}

function originName(address: string): string {
  return reverseDnsName(address, 'origin.asn.cymru.com', 'origin6.asn.cymru.com');
}

/** `64500 64501 | 192.0.2.0/24 | US | arin | 2002-01-04`: of several AS that announce it, the first. */
function numberOf(text: string | null): number | null {
  return asNumberOf(text?.trim().split(/[\s|]/)[0] ?? '');
}

/** `64500 | US | arin | 2002-01-04 | EXAMPLE - Example Network, US`. */
function nameOf(text: string | null): string | null {
  return cleanText(text?.split('|').at(4) ?? null);
}
