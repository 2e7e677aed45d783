import type { DatabaseSync } from 'node:sqlite';
import type { Route } from '../../model/trace.ts';
import { type ByteWriter, CorruptionError } from '../db/bytes.ts';
import { packRoute, unpackRoute } from './packedRoute.ts';
import type { Responders } from './responders.ts';

/** Routes, each stored once. Nothing is cached between calls: a route belongs to one pair of hosts. */
export interface Routes {
  /** Stored number of a route that a trace took on `day` (epoch seconds / 86400); makes one if need be. */
  numberOf(route: Route, day: number): number;
  /** Route of a stored number, a new object each time. Throws `DamagedBody` for a number never given out. */
  routeOf(number: number): Route;
  /** Deletes the routes that no trace took on `day` or later; returns how many. */
  prune(day: number): number;
}

/** Opens the table of routes. */
export function openRoutes(
  database: DatabaseSync,
  responders: Responders,
  writer: ByteWriter,
): Routes {
  const byBody = database.prepare('SELECT number, last_day AS lastDay FROM route WHERE body = ?');
  const byNumber = database.prepare('SELECT body FROM route WHERE number = ?');
  const insert = database.prepare('INSERT INTO route (body, last_day) VALUES (?, ?)');
  const updateLastDay = database.prepare('UPDATE route SET last_day = ? WHERE number = ?');
  const deleteBefore = database.prepare('DELETE FROM route WHERE last_day < ?');

  return {
    numberOf(route, day) {
      const body = packRoute(route, responders.numberOf, writer);
      const stored = byBody.get(body) as { number: number; lastDay: number } | undefined;
      if (stored === undefined) return Number(insert.run(body, day).lastInsertRowid);
      if (stored.lastDay < day) updateLastDay.run(day, stored.number);
      return stored.number;
    },
    routeOf(number) {
      const stored = byNumber.get(number) as { body: Uint8Array } | undefined;
      if (stored === undefined) throw new CorruptionError(`no route has the number ${number}`);
      return unpackRoute(stored.body, responders.addressOf);
    },
    prune: (day) => Number(deleteBefore.run(day).changes),
  };
}
