import type { PatternHop } from '../../model/site/analysis.ts';
import { isLocalAddress } from '../../model/trace/addressKinds.ts';
import type { Responder } from '../../model/trace/trace.ts';

/**
 * The AS of an address, as far as it is known; null for local addresses, whatever an archive says.
 */
export type AsnOf = (address: string) => number | null;

/** Looks up the AS of addresses among the known responders. */
export function asnLookup(responders: ReadonlyMap<string, Responder>): AsnOf {
  return (address) => (isLocalAddress(address) ? null : responders.get(address)?.asn || null);
}

/** The AS on which all known addresses of a hop agree, else null. */
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

/** AS numbers in route order: equal neighbors merged, hops of unknown AS bridged. */
export function asPathOf(route: readonly Pick<PatternHop, 'asn'>[]): number[] {
  const path: number[] = [];
  for (const { asn } of route) if (asn !== null && asn !== path.at(-1)) path.push(asn);
  return path;
}
