import { cleanText } from '../../lib/text.ts';
import { reversed } from './addressKey.ts';
import { askAll, type DnsAnswer, type DnsOptions } from './dnsClient.ts';

/**
 * The names of addresses by reverse DNS (asked as such: `reverse` of Node takes a broken server for a missing name), cleaned, in lower case and without the final dot; of several the first in the
 * alphabet, so that it does not change from one answer to the next.
 */
export function reverseNames(
  addresses: readonly string[],
  options: DnsOptions,
): Promise<Map<string, DnsAnswer<string>>> {
  return askAll(
    addresses,
    async (resolver, address) => {
      const answers = await resolver.resolvePtr(pointerName(address));
      const names = answers.flatMap((name) => nameOf(name) ?? []);
      return names.sort()[0] ?? null;
    },
    options,
  );
}

/** `1.2.0.192.in-addr.arpa` (RFC 1035), the digits of IPv6 in `ip6.arpa` (RFC 3596). */
function pointerName(address: string): string {
  return reversed(address, 'in-addr.arpa', 'ip6.arpa');
}

function nameOf(text: string): string | null {
  return cleanText(text)?.toLowerCase().replace(/\.$/, '') || null;
}
