import type { PatternHop } from '../../model/analysis.ts';
import type { Responder } from '../../model/trace.ts';
import { isPrivateAddress } from '../addressKinds.ts';

/** The AS of an address as far as it is known; null for private addresses, whatever an archive says. */
export type AsnOf = (address: string) => number | null;

/** Looks addresses up in what is known of responders. */
export function asnLookup(responders: ReadonlyMap<string, Responder>): AsnOf {
  return (address) => (isPrivateAddress(address) ? null : responders.get(address)?.asn || null);
}

/** The AS that all known addresses of a hop agree on, else null. */
export function hopAsn(addresses: readonly string[], asnOf: AsnOf): number | null {
  let agreed: number | null = null;
  for (const address of addresses) {
    const asn = asnOf(address);
    if (asn === null) continue;
    if (agreed !== null && agreed !== asn) return null;
    agreed = asn;
  }
  return agreed;
}

/** AS numbers in path order: equal neighbours merged, hops of unknown AS bridged and never given one. */
export function asPathOf(route: readonly PatternHop[]): number[] {
  const path: number[] = [];
  for (const { asn } of route) if (asn !== null && asn !== path.at(-1)) path.push(asn);
  return path;
}
