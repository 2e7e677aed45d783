import type { DatabaseSync } from 'node:sqlite';
import { bytes, query } from '../db/query.ts';
import { openNearAddresses } from './aliases.ts';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';
import type { Responders } from './responders.ts';

/**
 * Returns every address at a ttl up to `hops` of any stored route, of traces and of periods, and of
 * deleted ones.
 */
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
      for (const responder of addresses) numbers.add(Number(responder));
    }
  };
  for (const { body } of query(database, 'SELECT body FROM route', { body: bytes }).iterate())
    collect(unpackRoute(body, String).hops);
  for (const { body } of query(database, 'SELECT body FROM pattern', { body: bytes }).iterate())
    collect(unpackPattern(body, String));
  const deleted = openNearAddresses(database).within(hops);
  return new Set([...[...numbers].map(responders.addressOf), ...deleted]);
}
