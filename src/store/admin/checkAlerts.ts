import { unpackJson } from '../db/packedJson.ts';
import type { QueryRow, VisitRows } from './rowVisitor.ts';

/** Queries for what is kept as packed JSON, with the rows' `number`, and what one of them is. */
const packedJsonQueries: readonly (readonly [what: string, sql: string])[] = [
  ['detection of test', 'SELECT test AS number, body FROM detection'],
  ['earlier detection of test', 'SELECT test AS number, body FROM detection_checkpoint'],
  ['memory of the mesh', 'SELECT name AS number, body FROM mesh_state'],
  ['finding', 'SELECT number, body FROM pending_finding'],
  ['change', 'SELECT number, body FROM change'],
  ['incident', 'SELECT id AS number, body FROM incident'],
  ['incident', 'SELECT id AS number, engine AS body FROM incident WHERE engine IS NOT NULL'],
];

/** The same for plain JSON. */
const plainJsonQueries: readonly (readonly [what: string, sql: string])[] = [
  ['detection of test', 'SELECT test AS number, elements AS body FROM detection'],
  [
    'policy of test',
    'SELECT number, policy_state AS body FROM test WHERE policy_state IS NOT NULL',
  ],
  ['silence', 'SELECT id AS number, body FROM silence'],
  ['message', 'SELECT number, notices AS body FROM outbox'],
];

/** Looks over what is known of changes and incidents, and what people were told. Returns the number of changes. */
export function checkAlerts(visitRows: VisitRows): number {
  let changes = 0;
  const unpackBody = ({ body }: QueryRow) => unpackJson<unknown>(body as Uint8Array);
  for (const [what, sql] of packedJsonQueries) visitRows(what, sql, unpackBody);
  for (const [what, sql] of plainJsonQueries)
    visitRows(what, sql, ({ body }) => JSON.parse(String(body)));
  visitRows('change', 'SELECT number FROM change', () => {
    changes += 1;
  });
  return changes;
}
