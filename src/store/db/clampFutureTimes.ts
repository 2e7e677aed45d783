import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { maxDurationSeconds } from '../../lib/duration.ts';
import { daySeconds, midnightOf } from '../../model/values/time.ts';
import { packJson, unpackJson } from './packedJson.ts';
import { bytes, query, text } from './query.ts';

/** Results after the last one that can be right, `?1`, epoch seconds. */
const deletedResults = [
  'DELETE FROM failure WHERE at > ?1',
  'DELETE FROM late_arrival WHERE from_at > ?1',
  'DELETE FROM detection_checkpoint WHERE until_at > ?1',
  'DELETE FROM route_period WHERE from_at > ?1',
  'UPDATE route_period SET to_at = ?1 WHERE to_at > ?1',
];

/** Windows and silences without bounds left these. */
const unboundedTimes = [
  'UPDATE OR REPLACE coverage SET from_at = 0 WHERE from_at < 0',
  "DELETE FROM run WHERE json_extract(body, '$.window.from') < 0",
  `UPDATE silence SET until_at = from_at + ${maxDurationSeconds}
   WHERE until_at > from_at + ${maxDurationSeconds}`,
];

/**
 * Times that move to the present, `?1`, epoch seconds. A silence begins with its command, and keeps
 * its length.
 */
const updates = [
  "DELETE FROM run WHERE json_extract(body, '$.startedAt') > ?1",
  'UPDATE test SET first_seen_at = ?1 WHERE first_seen_at > ?1',
  'UPDATE test SET last_listed_at = ?1 WHERE last_listed_at > ?1',
  'UPDATE test SET planned_at = ?1 WHERE planned_at > ?1',
  'UPDATE test SET retired_at = ?1 WHERE retired_at > ?1',
  "UPDATE archive_reader SET position = NULL WHERE json_extract(position, '$.from') > ?1",
  "UPDATE archive_reader SET position = NULL WHERE json_extract(position, '$.to') > ?1",
  'DELETE FROM metric_position WHERE read_at > ?1 OR arrived_until > ?1',
  'UPDATE archive_reader SET chosen_at = ?1 WHERE chosen_at > ?1',
  'UPDATE silence SET until_at = until_at - from_at + ?1, from_at = ?1 WHERE from_at > ?1',
  'UPDATE acknowledgement SET at = ?1 WHERE at > ?1',
  'UPDATE acceptance SET at = ?1 WHERE at > ?1',
  'UPDATE outbox SET finished_at = ?1 WHERE finished_at > ?1',
  'UPDATE change SET detected_at = ?1 WHERE detected_at > ?1',
  'UPDATE change SET closed_at = ?1 WHERE closed_at > ?1',
  'UPDATE incident SET from_at = ?1 WHERE from_at > ?1',
  // Of several versions that were replaced in the future, the first one is valid until now.
  'UPDATE OR IGNORE past_version SET replaced_at = ?1 WHERE replaced_at > ?1',
  'DELETE FROM past_version WHERE replaced_at > ?1',
];

/** Midnights that the history has reached; it reaches them again. */
const midnightUpdates = [
  'UPDATE test SET finalized_until = ?1 WHERE finalized_until > ?1',
  'UPDATE test SET pruned_until = ?1 WHERE pruned_until > ?1',
];

/** Columns of JSON that contains times, with the key of their table. */
const packedColumns = [
  { table: 'change', key: 'number', column: 'body' },
  { table: 'incident', key: 'id', column: 'body' },
  { table: 'incident', key: 'id', column: 'engine' },
  { table: 'mesh_state', key: 'name', column: 'body' },
  { table: 'pending_finding', key: 'number', column: 'body' },
] as const;

/**
 * Moves the times after `now` to the present, and deletes the results after `lastResultAt` (both
 * epoch seconds). They come from a clock that was ahead. Part of a transaction.
 */
export function clampFutureTimes(database: DatabaseSync, now: number, lastResultAt: number): void {
  for (const sql of unboundedTimes) database.exec(sql);
  for (const sql of deletedResults) database.prepare(sql).run(lastResultAt);
  for (const sql of updates) database.prepare(sql).run(now);
  for (const sql of midnightUpdates) database.prepare(sql).run(midnightOf(lastResultAt));
  for (const packed of packedColumns) clampPackedTimes(database, packed, now);
}

function clampPackedTimes(
  database: DatabaseSync,
  { table, key, column }: (typeof packedColumns)[number],
  now: number,
): void {
  const select = query(
    database,
    `SELECT CAST(${key} AS TEXT) AS key, ${column} AS body FROM ${table} WHERE ${column} IS NOT NULL`,
    { key: text, body: bytes },
  );
  const update = database.prepare(`UPDATE ${table} SET ${column} = ?1 WHERE ${key} = ?2`);
  for (const row of select.all()) {
    const value = unpackJson(row.body);
    const clamped = clampTimes(value, now);
    if (!isDeepStrictEqual(clamped, value)) update.run(packJson(clamped), row.key);
  }
}

/** Names of times in JSON. */
const timeName = /(?:At|^(?:at|from|to|by|after|until|since))$/;
/** Some plans lie ahead; only a clock that was wrong leads further. */
const maxAheadSeconds = daySeconds;

/** A JSON value whose times after the present are the present. */
function clampTimes(value: unknown, now: number): unknown {
  if (Array.isArray(value)) return value.map((each) => clampTimes(each, now));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const isAhead = typeof each === 'number' && each > now + maxAheadSeconds;
      return [name, isAhead && timeName.test(name) ? now : clampTimes(each, now)];
    }),
  );
}
