import type { PatternHop } from '../model/analysis.ts';
import { ByteReader, type ByteWriter, DamagedBody } from './bytes.ts';

/**
 * Format 1 of the route of a period, all numbers as `ByteWriter.unsigned`:
 *   format, first ttl, number of hops, then for each hop
 *   number of addresses, responder numbers, AS number + 1 (0 for unknown).
 */
const format = 1;

/** Packs the route of a period. `numberOf` gives the stored number of an address. Hops that skip a ttl are a bug. */
export function packPattern(
  route: readonly PatternHop[],
  numberOf: (address: string) => number,
  writer: ByteWriter,
): Uint8Array {
  const firstTtl = route[0]?.ttl ?? 0;
  writer.clear();
  writer.unsigned(format);
  writer.unsigned(firstTtl);
  writer.unsigned(route.length);
  for (const [index, hop] of route.entries()) {
    if (hop.ttl !== firstTtl + index) throw new Error(`route skips from ttl to ttl ${hop.ttl}`);
    writer.unsigned(hop.addresses.length);
    for (const address of hop.addresses) writer.unsigned(numberOf(address));
    writer.unsigned(hop.asn === null ? 0 : hop.asn + 1);
  }
  return writer.take();
}

/** Unpacks the route of a period. `addressOf` gives the address of a stored number. Throws `DamagedBody`. */
export function unpackPattern(
  body: Uint8Array,
  addressOf: (number: number) => string,
): PatternHop[] {
  const reader = new ByteReader(body);
  const written = reader.unsigned();
  if (written !== format) throw new DamagedBody(`route of a period in unknown format ${written}`);
  const firstTtl = reader.unsigned();
  const route: PatternHop[] = new Array(reader.count());
  for (let index = 0; index < route.length; index++) {
    const addresses: string[] = [];
    for (let left = reader.count(); left > 0; left--) addresses.push(addressOf(reader.unsigned()));
    const asn = reader.unsigned() - 1;
    route[index] = { ttl: firstTtl + index, addresses, asn: asn < 0 ? null : asn };
  }
  return route;
}
