import type { DatabaseSync } from 'node:sqlite';
import { unpackPattern } from '../packedPattern.ts';
import { unpackRoute } from '../packedRoute.ts';
import { unpackTraces } from '../packedTraces.ts';
import type { Tables } from '../tables.ts';
import { checkAlerts } from './alerts.ts';
import { type ChunkContext, chunkFault, type RouteSize } from './chunk.ts';
import { type Look, lookOver } from './look.ts';

/** What a database holds. */
export interface StoreCounts {
  readonly tests: number;
  readonly traces: number;
  readonly routes: number;
  readonly responders: number;
  readonly periods: number;
  readonly changes: number;
}

/** What looking through a database came to. */
export interface StoreCheck {
  /** One sentence for each thing that is wrong, the first hundred of them. */
  readonly findings: readonly string[];
  readonly counts: StoreCounts;
}

const mostFindings = 100;

type Note = (finding: string) => void;

/** Looks through everything: the structure of the file, references, and every packed body. Reads all of it. */
export function checkDatabase(database: DatabaseSync, tables: Tables): StoreCheck {
  const findings: string[] = [];
  const note = (finding: string) => {
    if (findings.length < mostFindings) findings.push(finding);
  };
  const look = lookOver(database, note);
  // One snapshot, for a run may be writing.
  database.exec('BEGIN');
  try {
    checkFile(look, note);
    return { findings, counts: checkContent(look, tables, note) };
  } finally {
    database.exec('ROLLBACK');
  }
}

function checkFile(look: Look, note: Note): void {
  look('the structure of the file', 'PRAGMA integrity_check(20)', (row) => {
    if (row.integrity_check !== 'ok') note(String(row.integrity_check));
  });
  look('the references', 'PRAGMA foreign_key_check', ({ table }) => {
    note(`a row of the table ${table} belongs to no test`);
  });
}

function checkContent(look: Look, tables: Tables, note: Note): StoreCounts {
  const routes = routeSizes(look, tables);
  const tests = new Set<number>();
  look('test', 'SELECT number, parameters, event_types FROM test', (row) => {
    tests.add(Number(row.number));
    JSON.parse(String(row.parameters));
    JSON.parse(String(row.event_types));
  });
  look('run', 'SELECT number, body FROM run', ({ body }) => {
    JSON.parse(String(body));
  });
  let responders = 0;
  look('responder', 'SELECT number FROM responder', () => {
    responders += 1;
  });
  return {
    tests: tests.size,
    traces: checkTraces(look, { tests, routes }, note),
    routes: routes.size,
    responders,
    periods: checkPeriods(look, tables, note),
    changes: checkAlerts(look),
  };
}

function routeSizes(look: Look, { responders }: Tables): Map<number, RouteSize> {
  const sizes = new Map<number, RouteSize>();
  look('route', 'SELECT number, body FROM route', ({ number, body }) => {
    const { hops } = unpackRoute(body as Uint8Array, responders.addressOf);
    const addresses = hops.reduce((sum, hop) => sum + hop.addresses.length, 0);
    sizes.set(Number(number), { hops: hops.length, addresses });
  });
  return sizes;
}

/** Number of traces. */
function checkTraces(look: Look, context: ChunkContext, note: Note): number {
  let count = 0;
  look('traces', 'SELECT key AS number, body FROM chunk', ({ number, body }) => {
    const traces = unpackTraces(body as Uint8Array, (route) => route);
    count += traces.length;
    const fault = chunkFault(Number(number), traces, context);
    if (fault !== null) note(`traces ${number}: ${fault}`);
  });
  return count;
}

/** Number of periods. */
function checkPeriods(look: Look, { responders }: Tables, note: Note): number {
  const patterns = new Set<number>();
  look('route of a period', 'SELECT number, body FROM pattern', ({ number, body }) => {
    unpackPattern(body as Uint8Array, responders.addressOf);
    patterns.add(Number(number));
  });
  let count = 0;
  look(
    'period of test',
    'SELECT test AS number, from_at, to_at, pattern FROM route_period',
    (row) => {
      count += 1;
      const about = `a period of test ${row.number}`;
      if (!patterns.has(Number(row.pattern))) note(`${about} has a route that is not there`);
      if (Number(row.from_at) > Number(row.to_at)) note(`${about} ends before it begins`);
    },
  );
  return count;
}
