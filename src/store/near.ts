import type { DatabaseSync } from 'node:sqlite';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';
import type { Responders } from './responders.ts';

/** Every address that any stored route, of a trace or of a period, has at a ttl up to `hops`. */
export function nearAddresses(
  database: DatabaseSync,
  responders: Responders,
  hops: number,
): Set<string> {
  const near = new Set<number>();
  const note = (
    route: readonly { readonly ttl: number; readonly addresses: readonly string[] }[],
  ) => {
    for (const { ttl, addresses } of route) {
      if (ttl > hops) return;
      for (const number of addresses) near.add(Number(number));
    }
  };
  for (const { body } of database.prepare('SELECT body FROM route').iterate()) {
    note(unpackRoute(body as Uint8Array, String).hops);
  }
  for (const { body } of database.prepare('SELECT body FROM pattern').iterate()) {
    note(unpackPattern(body as Uint8Array, String));
  }
  return new Set([...near].map(responders.addressOf));
}
