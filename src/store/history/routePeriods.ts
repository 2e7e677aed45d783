import type { DatabaseSync } from 'node:sqlite';
import type { PatternHop, StoredRoutePeriod } from '../../model/analysis.ts';
import { memoize } from '../../model/memoize.ts';
import type { Interval } from '../../model/trace.ts';
import { type ByteWriter, CorruptionError } from '../db/bytes.ts';
import { packPattern, unpackPattern } from '../traces/packedPattern.ts';
import type { Responders } from '../traces/responders.ts';

/** Route periods, kept for ever. */
export interface RoutePeriods {
  /** Puts periods in place of those that start within [from, to). */
  replace(test: number, span: Interval, periods: readonly StoredRoutePeriod[]): void;
  /** Whether any period has a part within [from, to). */
  overlaps(test: number, span: Interval): boolean;
  /** The newest `limit` periods that start before a moment, oldest first. */
  startingBefore(test: number, before: number, limit: number): StoredRoutePeriod[];
  /** All periods of a test, oldest first. */
  all(test: number): StoredRoutePeriod[];
  /** Joins periods that start within [from, to) with the ones they continue. */
  joinContinued(test: number, span: Interval): void;
}

/** One stored period; its route by number. */
interface RoutePeriodRow {
  readonly from: number;
  readonly to: number;
  readonly traces: number;
  readonly reached: number;
  readonly continues: number;
  readonly pattern: number;
}

const columns = 'from_at AS "from", to_at AS "to", traces, reached, continues, pattern';

/** Opens the tables of route periods and their routes. */
export function openRoutePeriods(
  database: DatabaseSync,
  responders: Responders,
  writer: ByteWriter,
): RoutePeriods {
  const patternByBody = database.prepare('SELECT number FROM pattern WHERE body = ?');
  const patternByNumber = database.prepare('SELECT body FROM pattern WHERE number = ?');
  const insertPattern = database.prepare('INSERT INTO pattern (body) VALUES (?)');
  const insert = database.prepare(
    `INSERT INTO route_period (test, from_at, to_at, traces, reached, continues, pattern)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare(
    'DELETE FROM route_period WHERE test = ? AND from_at >= ? AND from_at < ?',
  );
  const removeOne = database.prepare('DELETE FROM route_period WHERE test = ? AND from_at = ?');
  const touching = database.prepare(
    'SELECT 1 FROM route_period WHERE test = ? AND from_at < ? AND to_at >= ? LIMIT 1',
  );
  const newest = database.prepare(
    `SELECT ${columns} FROM route_period WHERE test = ? AND from_at < ?
     ORDER BY from_at DESC LIMIT ?`,
  );
  const ascending = database.prepare(
    `SELECT ${columns} FROM route_period WHERE test = ? ORDER BY from_at`,
  );
  const within = database.prepare(
    `SELECT ${columns} FROM route_period WHERE test = ? AND from_at >= ? AND from_at < ?
     ORDER BY from_at`,
  );
  const extend = database.prepare(
    'UPDATE route_period SET to_at = ?, traces = ? WHERE test = ? AND from_at = ?',
  );

  function numberOf(route: readonly PatternHop[]): number {
    const body = packPattern(route, responders.numberOf, writer);
    const stored = patternByBody.get(body) as { number: number } | undefined;
    return stored?.number ?? Number(insertPattern.run(body).lastInsertRowid);
  }

  function routeOf(number: number): PatternHop[] {
    const stored = patternByNumber.get(number) as { body: Uint8Array } | undefined;
    if (stored === undefined)
      throw new CorruptionError(`no route of a period has the number ${number}`);
    return unpackPattern(stored.body, responders.addressOf);
  }

  const periodOf = (
    row: RoutePeriodRow,
    route: (number: number) => PatternHop[],
  ): StoredRoutePeriod => ({
    from: row.from,
    to: row.to,
    traces: row.traces,
    reached: row.reached === 1,
    continues: row.continues === 1,
    route: route(row.pattern),
  });

  return {
    replace(test, { from, to }, periods) {
      remove.run(test, from, to);
      const pattern = memoize(numberOf);
      for (const period of periods) {
        const flags = [Number(period.reached), Number(period.continues)] as const;
        insert.run(test, period.from, period.to, period.traces, ...flags, pattern(period.route));
      }
    },
    overlaps: (test, { from, to }) => touching.get(test, to, from) !== undefined,
    startingBefore(test, before, limit) {
      const route = memoize(routeOf);
      const rows = newest.all(test, before, limit) as unknown as RoutePeriodRow[];
      return rows.reverse().map((row) => periodOf(row, route));
    },
    all(test) {
      const route = memoize(routeOf);
      return (ascending.all(test) as unknown as RoutePeriodRow[]).map((row) =>
        periodOf(row, route),
      );
    },
    joinContinued(test, { from, to }) {
      let [before] = newest.all(test, from, 1) as unknown as RoutePeriodRow[];
      for (const row of within.all(test, from, to) as unknown as RoutePeriodRow[]) {
        if (before === undefined || row.continues === 0) {
          before = row;
          continue;
        }
        before = { ...before, to: row.to, traces: before.traces + row.traces };
        removeOne.run(test, row.from);
        extend.run(before.to, before.traces, test, before.from);
      }
    },
  };
}
