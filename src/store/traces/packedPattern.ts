import type { PatternHop } from '../../model/site/analysis.ts';
import { ByteReader, type ByteWriter, CorruptionError } from '../db/bytes.ts';

/**
 * Format 1 of the route of a period. All numbers are written by `ByteWriter.writeUnsigned`:
 *   format, first ttl, number of hops, then for each hop
 *   number of addresses, responder numbers, AS number + 1 (0 for unknown).
 */
const format = 1;

/**
 * Packs the route of a period. `numberOf` returns the stored number of an address. Throws an
 * `Error` if the hops skip a ttl.
 */
export function packPattern(
  route: readonly PatternHop[],
  numberOf: (address: string) => number,
  writer: ByteWriter,
): Uint8Array {
  const firstTtl = route[0]?.ttl ?? 0;
  writer.clear();
  writer.writeUnsigned(format);
  writer.writeUnsigned(firstTtl);
  writer.writeUnsigned(route.length);
  for (const [index, hop] of route.entries()) {
    if (hop.ttl !== firstTtl + index) throw new Error(`the route skips a ttl before ${hop.ttl}`);
    writer.writeUnsigned(hop.addresses.length);
    for (const address of hop.addresses) writer.writeUnsigned(numberOf(address));
    writer.writeUnsigned(hop.asn === null ? 0 : hop.asn + 1);
  }
  return writer.takeBytes();
}

/**
 * Unpacks the route of a period. `addressOf` returns the address with a stored number. Throws
 * `CorruptionError`.
 */
export function unpackPattern(
  body: Uint8Array,
  addressOf: (number: number) => string,
): PatternHop[] {
  const reader = new ByteReader(body);
  const storedFormat = reader.readUnsigned();
  if (storedFormat !== format)
    throw new CorruptionError(`route of a period in unknown format ${storedFormat}`);
  const firstTtl = reader.readUnsigned();
  const route: PatternHop[] = new Array(reader.readCount());
  for (let index = 0; index < route.length; index++) {
    const addresses: string[] = [];
    for (let remaining = reader.readCount(); remaining > 0; remaining--)
      addresses.push(addressOf(reader.readUnsigned()));
    const asn = reader.readUnsigned() - 1;
    route[index] = { ttl: firstTtl + index, addresses, asn: asn < 0 ? null : asn };
  }
  return route;
}
