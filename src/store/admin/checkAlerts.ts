import { unpackJson } from '../db/packedJson.ts';
import { bytes, number, text } from '../db/query.ts';
import type { VisitRows } from './rowVisitor.ts';

/** Queries for packed JSON, each with a label for one of its rows. */
const packedJsonQueries: readonly (readonly [label: string, sql: string])[] = [
  ['detection of test', 'SELECT test AS number, body FROM detection'],
  ['checkpoint of test', 'SELECT test AS number, body FROM detection_checkpoint'],
  ['mesh state', 'SELECT name AS number, body FROM mesh_state'],
  ['pending finding', 'SELECT number, body FROM pending_finding'],
  ['change', 'SELECT number, body FROM change'],
  ['incident', 'SELECT id AS number, body FROM incident'],
  ['incident', 'SELECT id AS number, engine AS body FROM incident WHERE engine IS NOT NULL'],
];

/** Queries for plain JSON. */
const plainJsonQueries: readonly (readonly [label: string, sql: string])[] = [
  ['detection of test', 'SELECT test AS number, elements AS body FROM detection'],
  [
    'policy of test',
    'SELECT number, policy_state AS body FROM test WHERE policy_state IS NOT NULL',
  ],
  ['silence', 'SELECT id AS number, body FROM silence'],
  ['message', 'SELECT number, notices AS body FROM outbox'],
];

/** Checks changes, incidents, notifications and the detection; returns the number of changes. */
export function checkAlerts(visitRows: VisitRows): number {
  for (const [label, sql] of packedJsonQueries)
    visitRows(label, sql, { body: bytes }, ({ body }) => unpackJson(body));
  for (const [label, sql] of plainJsonQueries)
    visitRows(label, sql, { body: text }, ({ body }) => JSON.parse(body));
  return visitRows('change', 'SELECT number FROM change', { number }, () => {});
}
