import type { DatabaseSync } from 'node:sqlite';
import type { PatternHop } from '../../model/site/analysis.ts';
import { type ByteWriter, CorruptionError } from '../db/bytes.ts';
import { bytes, number, query } from '../db/query.ts';
import { packPattern, unpackPattern } from '../traces/packedPattern.ts';
import type { Responders } from '../traces/responders.ts';

/** The routes of periods, each stored once. */
export interface Patterns {
  /** The stored number of a route; stores it if needed. */
  numberOf(route: readonly PatternHop[]): number;
  /** The route with a stored number. Throws `CorruptionError` for an unknown number. */
  routeOf(number: number): PatternHop[];
}

/** Opens the table of the routes of periods. */
export function openPatterns(
  database: DatabaseSync,
  responders: Responders,
  writer: ByteWriter,
): Patterns {
  const selectByBody = query(database, 'SELECT number FROM pattern WHERE body = ?', { number });
  const selectBody = query(database, 'SELECT body FROM pattern WHERE number = ?', { body: bytes });
  const insert = database.prepare('INSERT INTO pattern (body) VALUES (?)');
  return {
    numberOf(route) {
      const body = packPattern(route, responders.numberOf, writer);
      return selectByBody.get(body)?.number ?? Number(insert.run(body).lastInsertRowid);
    },
    routeOf(stored) {
      const row = selectBody.get(stored);
      if (row === undefined)
        throw new CorruptionError(`the route ${stored} of a period is missing`);
      return unpackPattern(row.body, responders.addressOf);
    },
  };
}
