import type { Route, RouteHop } from '../../model/trace/trace.ts';
import { ByteReader, type ByteWriter, CorruptionError } from '../db/bytes.ts';

/**
 * Format 1 of a stored route. All numbers are written by `ByteWriter.writeUnsigned`:
 *   format, flags, [path MTU], first ttl, number of hops, then for each hop
 *   number of addresses, responder numbers, [MTU + 1, 0 for unknown],
 *   [length and text of the error, 0 for none].
 * The flags show which parts in brackets are present. Equal routes have equal bytes.
 */
const format = 1;
const flag = { reached: 1, pathMtu: 2, mtu: 4, error: 8 } as const;

/**
 * Packs a route. `numberOf` returns the stored number of an address. Throws an `Error` if the hops
 * skip a ttl.
 */
export function packRoute(
  route: Route,
  numberOf: (address: string) => number,
  writer: ByteWriter,
): Uint8Array {
  const flags = flagsOf(route);
  const firstTtl = route.hops[0]?.ttl ?? 0;
  writer.clear();
  writer.writeUnsigned(format);
  writer.writeUnsigned(flags);
  if (route.pathMtu !== null) writer.writeUnsigned(route.pathMtu);
  writer.writeUnsigned(firstTtl);
  writer.writeUnsigned(route.hops.length);
  for (const [index, hop] of route.hops.entries()) {
    if (hop.ttl !== firstTtl + index) throw new Error(`the route skips a ttl before ${hop.ttl}`);
    writer.writeUnsigned(hop.addresses.length);
    for (const address of hop.addresses) writer.writeUnsigned(numberOf(address));
    if (flags & flag.mtu) writer.writeUnsigned(hop.mtu === null ? 0 : hop.mtu + 1);
    if (flags & flag.error) writer.writeText(hop.error ?? '');
  }
  return writer.takeBytes();
}

function flagsOf(route: Route): number {
  let flags = route.reached ? flag.reached : 0;
  if (route.pathMtu !== null) flags |= flag.pathMtu;
  for (const hop of route.hops) {
    if (hop.mtu !== null) flags |= flag.mtu;
    if (hop.error !== null) flags |= flag.error;
  }
  return flags;
}

/**
 * Unpacks a route. `addressOf` returns the address with a stored number. Throws `CorruptionError`.
 */
export function unpackRoute(body: Uint8Array, addressOf: (number: number) => string): Route {
  const reader = new ByteReader(body);
  const storedFormat = reader.readUnsigned();
  if (storedFormat !== format) throw new CorruptionError(`route in unknown format ${storedFormat}`);
  const flags = reader.readUnsigned();
  const pathMtu = flags & flag.pathMtu ? reader.readUnsigned() : null;
  const firstTtl = reader.readUnsigned();
  const hops: RouteHop[] = new Array(reader.readCount());
  for (let index = 0; index < hops.length; index++) {
    hops[index] = unpackHop(reader, firstTtl + index, flags, addressOf);
  }
  return { hops, reached: (flags & flag.reached) !== 0, pathMtu };
}

function unpackHop(
  reader: ByteReader,
  ttl: number,
  flags: number,
  addressOf: (number: number) => string,
): RouteHop {
  const count = reader.readCount();
  // A growing array reserves room for seventeen entries at its first; nearly all hops have one.
  const addresses = count === 0 ? [] : [addressOf(reader.readUnsigned())];
  while (addresses.length < count) addresses.push(addressOf(reader.readUnsigned()));
  const mtu = flags & flag.mtu ? reader.readUnsigned() - 1 : -1;
  const error = flags & flag.error ? reader.readText() : '';
  return { ttl, addresses, mtu: mtu < 0 ? null : mtu, error: error === '' ? null : error };
}
