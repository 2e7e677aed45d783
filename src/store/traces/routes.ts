import type { DatabaseSync } from 'node:sqlite';
import type { Route } from '../../model/trace/trace.ts';
import { type ByteWriter, CorruptionError } from '../db/bytes.ts';
import { bytes, number, query } from '../db/query.ts';
import { isCorruption } from '../db/storeFailure.ts';
import { openNearAddresses } from './aliases.ts';
import { packRoute, unpackRoute } from './packedRoute.ts';
import type { Responders } from './responders.ts';

/** Routes of traces, each stored once. Not cached: a route belongs to one pair of hosts. */
export interface Routes {
  /**
   * The stored number of a route; stores it if needed. `day`: UTC day of a trace over it, since the
   * epoch.
   */
  numberOf(route: Route, day: number): number;
  /**
   * The route with a stored number, a new object each time. Throws `CorruptionError` for an unknown
   * number.
   */
  routeOf(number: number): Route;
  /**
   * Deletes the routes that no trace took on `day` or later; returns their number. Remembers which
   * addresses were near a source.
   */
  prune(day: number): number;
}

/** Opens the table of routes. */
export function openRoutes(
  database: DatabaseSync,
  responders: Responders,
  writer: ByteWriter,
): Routes {
  const selectByBody = query(database, 'SELECT number, last_day FROM route WHERE body = ?', {
    number,
    last_day: number,
  });
  const selectBody = query(database, 'SELECT body FROM route WHERE number = ?', { body: bytes });
  const insert = database.prepare('INSERT INTO route (body, last_day) VALUES (?, ?)');
  const updateLastDay = database.prepare('UPDATE route SET last_day = ? WHERE number = ?');
  const selectBefore = query(database, 'SELECT body FROM route WHERE last_day < ?', {
    body: bytes,
  });
  const deleteBefore = database.prepare('DELETE FROM route WHERE last_day < ?');
  const nearAddresses = openNearAddresses(database);

  function rememberNear(body: Uint8Array): void {
    try {
      for (const { ttl, addresses } of unpackRoute(body, responders.addressOf).hops)
        for (const address of addresses) nearAddresses.record(address, ttl);
    } catch (error) {
      // A damaged route goes like the others.
      if (!isCorruption(error)) throw error;
    }
  }

  return {
    numberOf(route, day) {
      const body = packRoute(route, responders.numberOf, writer);
      const stored = selectByBody.get(body);
      if (stored === undefined) return Number(insert.run(body, day).lastInsertRowid);
      if (stored.last_day < day) updateLastDay.run(day, stored.number);
      return stored.number;
    },
    routeOf(stored) {
      const row = selectBody.get(stored);
      if (row === undefined) throw new CorruptionError(`route ${stored} is missing`);
      return unpackRoute(row.body, responders.addressOf);
    },
    prune(day) {
      for (const { body } of selectBefore.all(day)) rememberNear(body);
      return Number(deleteBefore.run(day).changes);
    },
  };
}
