import { cleanText } from '../../lib/text.ts';
import { isGlobalAddress } from '../../model/trace/addressKinds.ts';
import { reverseDnsName } from './addressKey.ts';
import { type AsRecord, asNumberOf } from './asRecord.ts';
import { type DnsAnswer, type DnsOptions, queryAll } from './dnsClient.ts';

/**
 * Looks up ASes in Team Cymru's DNS, with one query for each address and one for the name of each
 * AS. Addresses that are not global are neither sent nor in the result.
 */
export async function lookUpCymru(
  addresses: readonly string[],
  options: DnsOptions,
): Promise<Map<string, DnsAnswer<AsRecord>>> {
  const origins = await queryText(addresses.filter(isGlobalAddress), originName, options);
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

/** The first AS of `64500 64501 | 192.0.2.0/24 | US | arin | 2002-01-04`. */
function numberOf(text: string | null): number | null {
  return asNumberOf(text?.trim().split(/[\s|]/)[0] ?? '');
}

/** The name in `64500 | US | arin | 2002-01-04 | EXAMPLE - Example Network, US`. */
function nameOf(text: string | null): string | null {
  return cleanText(text?.split('|').at(4) ?? null);
}
