import type { DatabaseSync } from 'node:sqlite';
import type { StoredRoutePeriod } from '../../model/site/analysis.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { memoize } from '../../model/values/memoize.ts';
import { number, query, type Row } from '../db/query.ts';
import type { Patterns } from './patterns.ts';

/** Periods of a test to keep: half a year of a test whose route changes every half hour. */
export const maxPeriods = 10_000;

/** Route periods, which outlive the traces; by the number of the test. */
export interface RoutePeriods {
  /** Replaces the periods that start within [from, to). */
  replace(test: number, span: Interval, periods: readonly StoredRoutePeriod[]): void;
  /** Whether any period overlaps [from, to). */
  overlaps(test: number, span: Interval): boolean;
  /** The newest `limit` periods that start before a moment, oldest first. */
  startingBefore(test: number, before: number, limit: number): StoredRoutePeriod[];
  /** All periods of a test, oldest first. */
  all(test: number): StoredRoutePeriod[];
  /** Joins the periods that start within [from, to) with those that they continue. */
  joinContinued(test: number, span: Interval): void;
  /**
   * Deletes the oldest periods of each test that has more than `limit`, and the routes of these.
   * Returns the number of periods.
   */
  deleteSurplus(limit: number): number;
}

const periodColumns = {
  from: number,
  to: number,
  traces: number,
  reached: number,
  continues: number,
  pattern: number,
};

const selectSql = `SELECT from_at AS "from", to_at AS "to", traces, reached, continues, pattern
   FROM route_period WHERE test = ?`;

/** Opens the table of route periods. */
export function openRoutePeriods(database: DatabaseSync, patterns: Patterns): RoutePeriods {
  const insert = database.prepare(
    `INSERT INTO route_period (test, from_at, to_at, traces, reached, continues, pattern)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const deleteWithin = database.prepare(
    'DELETE FROM route_period WHERE test = ? AND from_at >= ? AND from_at < ?',
  );
  const deleteOne = database.prepare('DELETE FROM route_period WHERE test = ? AND from_at = ?');
  const selectOverlapping = database.prepare(
    'SELECT 1 FROM route_period WHERE test = ? AND from_at < ? AND to_at >= ? LIMIT 1',
  );
  const selectNewest = query(
    database,
    `${selectSql} AND from_at < ? ORDER BY from_at DESC LIMIT ?`,
    periodColumns,
  );
  const selectAll = query(database, `${selectSql} ORDER BY from_at`, periodColumns);
  const selectWithin = query(
    database,
    `${selectSql} AND from_at >= ? AND from_at < ? ORDER BY from_at`,
    periodColumns,
  );
  const extend = database.prepare(
    'UPDATE route_period SET to_at = ?, traces = ? WHERE test = ? AND from_at = ?',
  );

  const selectFull = query(
    database,
    'SELECT test FROM route_period GROUP BY test HAVING count(*) > ?',
    { test: number },
  );
  const deleteOldest = database.prepare(
    `DELETE FROM route_period WHERE test = ?1 AND from_at <=
       (SELECT from_at FROM route_period WHERE test = ?1 ORDER BY from_at DESC LIMIT 1 OFFSET ?2)`,
  );
  const deleteUnusedPatterns = database.prepare(
    'DELETE FROM pattern WHERE number NOT IN (SELECT pattern FROM route_period)',
  );

  function toPeriods(rows: readonly Row<typeof periodColumns>[]): StoredRoutePeriod[] {
    const routeOf = memoize(patterns.routeOf);
    return rows.map(({ reached, continues, pattern, ...times }) => ({
      ...times,
      reached: reached === 1,
      continues: continues === 1,
      route: routeOf(pattern),
    }));
  }

  return {
    replace(test, { from, to }, periods) {
      deleteWithin.run(test, from, to);
      const numberOf = memoize(patterns.numberOf);
      for (const period of periods) {
        insert.run(
          test,
          period.from,
          period.to,
          period.traces,
          Number(period.reached),
          Number(period.continues),
          numberOf(period.route),
        );
      }
    },
    overlaps: (test, { from, to }) => selectOverlapping.get(test, to, from) !== undefined,
    startingBefore: (test, before, limit) =>
      toPeriods(selectNewest.all(test, before, limit).reverse()),
    all: (test) => toPeriods(selectAll.all(test)),
    deleteSurplus(limit) {
      const deleted = selectFull
        .all(limit)
        .map(({ test }) => Number(deleteOldest.run(test, limit).changes));
      if (deleted.length > 0) deleteUnusedPatterns.run();
      return deleted.reduce((sum, each) => sum + each, 0);
    },
    joinContinued(test, { from, to }) {
      let [before] = selectNewest.all(test, from, 1);
      for (const row of selectWithin.all(test, from, to)) {
        if (before === undefined || row.continues === 0) {
          before = row;
          continue;
        }
        before = { ...before, to: row.to, traces: before.traces + row.traces };
        deleteOne.run(test, row.from);
        extend.run(before.to, before.traces, test, before.from);
      }
    },
  };
}
