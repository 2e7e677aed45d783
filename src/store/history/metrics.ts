import type { DatabaseSync } from 'node:sqlite';
import {
  type MetricDay,
  type MetricPosition,
  type MetricSeries,
  type MetricTest,
  type MetricType,
  metricTypes,
} from '../../model/metric/metric.ts';
import { nullable, number, query, text, textOf } from '../db/query.ts';

/** Daily figures of other tests between the ends of our tests. */
export interface Metrics {
  /** The pairs with a test, each as `pairOf` writes it. */
  pairs(): ReadonlySet<string>;
  /**
   * Records a day; one with fewer runs than the recorded one is a remainder, and is ignored. So is
   * a test beyond those that a pair of hosts may have.
   */
  add(test: MetricTest, day: MetricDay): void;
  /**
   * The tests of other types between the ends of a test, which `ids` name by its keys, with the
   * days from one on: by type, then the one with the most runs first.
   */
  ofTest(ids: readonly string[], fromDay: number): MetricSeries[];
  /** null before the first reading. */
  position(archive: string, type: MetricType): MetricPosition | null;
  setPosition(archive: string, type: MetricType, position: MetricPosition): void;
  /** Deletes the days before one, and the tests without any. */
  prune(beforeDay: number): void;
}

/** Two addresses in one text. */
export function pairOf(source: string, destination: string): string {
  return `${source} ${destination}`;
}

const typeOrder = ({ type }: MetricSeries) => metricTypes.indexOf(type);

const runsOf = ({ days }: MetricSeries) => days.reduce((sum, { runs }) => sum + runs, 0);

/** Tests of one type that an archive may have between two hosts. */
const maxTestsOfPair = 20;

/** Opens the tables of metrics. */
export function openMetrics(database: DatabaseSync): Metrics {
  const selectPairs = query(
    database,
    `SELECT DISTINCT source_address AS source, destination_address AS destination FROM test
     WHERE source_address IS NOT NULL AND destination_address IS NOT NULL`,
    { source: text, destination: text },
  );
  const upsertTest = query(
    database,
    `INSERT INTO metric_test (archive, type, key, source, destination, task_name)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (
       SELECT count(*) FROM metric_test WHERE archive = ?1 AND type = ?2 AND source = ?4
         AND destination = ?5 AND key <> ?3) < ${maxTestsOfPair}
     ON CONFLICT DO UPDATE SET task_name = excluded.task_name
     RETURNING number`,
    { number },
  );
  const upsertDay = database.prepare(
    `INSERT INTO metric_day (test, day, runs, failed, median, low, high, loss)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET runs = excluded.runs, failed = excluded.failed,
       median = excluded.median, low = excluded.low, high = excluded.high, loss = excluded.loss
     WHERE excluded.runs >= runs`,
  );
  const selectTests = query(
    database,
    `SELECT metric_test.number AS number, metric_test.archive AS archive, type,
       metric_test.key AS key, source, destination, metric_test.task_name AS taskName
     FROM test JOIN metric_test ON source = source_address AND destination = destination_address
     WHERE test.id = ? ORDER BY metric_test.number`,
    {
      number,
      archive: text,
      type: textOf<MetricType>(),
      key: text,
      source: text,
      destination: text,
      taskName: nullable(text),
    },
  );
  const selectDays = query(
    database,
    `SELECT day, runs, failed, median, low, high, loss FROM metric_day
     WHERE test = ? AND day >= ? ORDER BY day`,
    {
      day: number,
      runs: number,
      failed: number,
      median: nullable(number),
      low: nullable(number),
      high: nullable(number),
      loss: nullable(number),
    },
  );
  const selectPosition = query(
    database,
    `SELECT from_day AS fromDay, arrived_until AS arrivedUntil, read_at AS readAt
     FROM metric_position WHERE archive = ? AND type = ?`,
    { fromDay: number, arrivedUntil: number, readAt: number },
  );
  const replacePosition = database.prepare(
    'INSERT OR REPLACE INTO metric_position VALUES (?, ?, ?, ?, ?)',
  );
  const prunings = [
    'DELETE FROM metric_day WHERE day < ?1',
    'UPDATE metric_position SET from_day = ?1 WHERE from_day < ?1',
  ].map((sql) => database.prepare(sql));
  const deleteEmpty = database.prepare(
    'DELETE FROM metric_test WHERE number NOT IN (SELECT test FROM metric_day)',
  );
  return {
    pairs: () =>
      new Set(selectPairs.all().map(({ source, destination }) => pairOf(source, destination))),
    add({ archive, type, key, source, destination, taskName }, summary) {
      const row = upsertTest.get(archive, type, key, source, destination, taskName);
      if (row === undefined) return;
      const { day, runs, failed, median, low, high, loss } = summary;
      upsertDay.run(row.number, day, runs, failed, median, low, high, loss);
    },
    ofTest(ids, fromDay) {
      const rows = ids.flatMap((id) => selectTests.all(id));
      const tests = new Map(rows.map((row) => [row.number, row]));
      return [...tests.values()]
        .flatMap(({ number: test, ...described }) => {
          const days = selectDays.all(test, fromDay);
          return days.length === 0 ? [] : [{ ...described, days }];
        })
        .sort((a, b) => typeOrder(a) - typeOrder(b) || runsOf(b) - runsOf(a));
    },
    position: (archive, type) => selectPosition.get(archive, type) ?? null,
    setPosition(archive, type, { fromDay, arrivedUntil, readAt }) {
      replacePosition.run(archive, type, fromDay, arrivedUntil, readAt);
    },
    prune(beforeDay) {
      for (const pruning of prunings) pruning.run(beforeDay);
      deleteEmpty.run();
    },
  };
}
