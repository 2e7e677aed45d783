import type { Family, Retirement, Retirer, Test } from '../../model/test/test.ts';
import { earliest } from '../../model/values/time.ts';
import { type Column, nullable, number, type Row, text, textOf } from '../db/query.ts';

/** A key of a test as the store knows it. Times are epoch seconds. */
export interface StoredTest extends Test {
  readonly eventTypes: readonly string[];
  /** Whether its runs repeat, as its archive states; null: the archive states nothing. */
  readonly isScheduled: boolean | null;
  readonly firstSeenAt: number;
  readonly lastListedAt: number;
  /** Starts of the first trace, also if it is pruned, and of the newest one; null for none. */
  readonly firstTraceAt: number | null;
  readonly newestTraceAt: number | null;
  /** Id of the key after which the test is named; null as long as that is not decided. */
  readonly sameAs: string | null;
  /** Since when its changes are notified; null before the detection knows it. */
  readonly watchedSince: number | null;
  /** When a psConfig template last contained it; null: never. */
  readonly plannedAt: number | null;
  /** null: it belongs to the mesh. */
  readonly retired: Retirement | null;
}

/** The columns of a row of the table of tests, with what it refers to. */
export const testColumns = {
  id: text,
  archive: text,
  key: text,
  tool: text,
  source_address: nullable(text),
  source_name: text,
  destination_address: nullable(text),
  destination_name: text,
  family: number as Column<Family>,
  task_name: nullable(text),
  parameters: text,
  event_types: text,
  first_seen_at: number,
  last_listed_at: number,
  oldest_trace_at: nullable(number),
  newest_trace_at: nullable(number),
  interval_seconds: nullable(number),
  schedule_seconds: nullable(number),
  watched_since: nullable(number),
  planned_at: nullable(number),
  retired_at: nullable(number),
  retired_by: nullable(textOf<Retirer>()),
  same_id: nullable(text),
  first_period_at: nullable(number),
};

/** A test that is measured this much less often than planned has another interval than planned. */
const maxSlowdown = 1.5;

/** The planned interval is exact, but a busy host may not keep to it. */
function intervalOf(measuredSeconds: number | null, plannedSeconds: number | null): number | null {
  if (plannedSeconds === null || measuredSeconds === null) return plannedSeconds ?? measuredSeconds;
  return measuredSeconds > plannedSeconds * maxSlowdown ? measuredSeconds : plannedSeconds;
}

/** A row as the store's key; `parse`: from the JSON of parameters and event types. */
export function toStoredTest(
  row: Row<typeof testColumns>,
  parse: (json: string) => unknown,
): StoredTest {
  return {
    id: row.id,
    archive: row.archive,
    key: row.key,
    tool: row.tool,
    source: { address: row.source_address, name: row.source_name },
    destination: { address: row.destination_address, name: row.destination_name },
    family: row.family,
    intervalSeconds: intervalOf(row.interval_seconds, row.schedule_seconds || null),
    taskName: row.task_name,
    parameters: parse(row.parameters) as StoredTest['parameters'],
    eventTypes: parse(row.event_types) as StoredTest['eventTypes'],
    isScheduled: row.schedule_seconds === null ? null : row.schedule_seconds > 0,
    firstSeenAt: row.first_seen_at,
    lastListedAt: row.last_listed_at,
    firstTraceAt: earliest([row.oldest_trace_at, row.first_period_at]),
    newestTraceAt: row.newest_trace_at,
    sameAs: row.same_id,
    watchedSince: row.watched_since,
    plannedAt: row.planned_at,
    retired:
      row.retired_at === null || row.retired_by === null
        ? null
        : { at: row.retired_at, by: row.retired_by },
  };
}
