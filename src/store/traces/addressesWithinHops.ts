import type { DatabaseSync } from 'node:sqlite';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';
import type { Responders } from './responders.ts';

/** Every address that any stored route, of a trace or of a period, has at a ttl up to `hops`. */
export function addressesWithinHops(
  database: DatabaseSync,
  responders: Responders,
  hops: number,
): Set<string> {
  const numbers = new Set<number>();
  const collect = (
    route: readonly { readonly ttl: number; readonly addresses: readonly string[] }[],
  ) => {
    for (const { ttl, addresses } of route) {
      if (ttl > hops) return;
      for (const number of addresses) numbers.add(Number(number));
    }
  };
  for (const { body } of database.prepare('SELECT body FROM route').iterate()) {
    collect(unpackRoute(body as Uint8Array, String).hops);
  }
  for (const { body } of database.prepare('SELECT body FROM pattern').iterate()) {
    collect(unpackPattern(body as Uint8Array, String));
  }
  return new Set([...numbers].map(responders.addressOf));
}
