import { cleanText } from '../../lib/text.ts';
import { reverseDnsName } from './addressKey.ts';
import { type DnsAnswer, type DnsOptions, queryAll } from './dnsClient.ts';

/**
 * Looks up the names of addresses by reverse DNS, cleaned, in lower case and without the final dot.
 * Of several, the alphabetically first counts, so that it is the same in every response. The
 * queries are for PTR records, because Node's `reverse` confuses a broken server with a missing
 * name.
 */
export function lookUpReverseNames(
  addresses: readonly string[],
  options: DnsOptions,
): Promise<Map<string, DnsAnswer<string>>> {
  return queryAll(
    addresses,
    async (resolver, address) => {
      const answers = await resolver.resolvePtr(pointerQueryName(address));
      const names = answers.flatMap((name) => cleanHostName(name) ?? []);
      return names.sort()[0] ?? null;
    },
    options,
  );
}

/** `1.2.0.192.in-addr.arpa` (RFC 1035), the digits of IPv6 in `ip6.arpa` (RFC 3596). */
function pointerQueryName(address: string): string {
  return reverseDnsName(address, 'in-addr.arpa', 'ip6.arpa');
}

function cleanHostName(text: string): string | null {
  return cleanText(text)?.toLowerCase().replace(/\.$/, '') || null;
}
