import type { DatabaseSync } from 'node:sqlite';
import type { Tables } from '../tables.ts';
import { unpackPattern } from '../traces/packedPattern.ts';
import { unpackRoute } from '../traces/packedRoute.ts';
import { unpackTraces } from '../traces/packedTraces.ts';
import { checkAlerts } from './checkAlerts.ts';
import { type ChunkContext, findChunkFault, type RouteSize } from './checkChunk.ts';
import { createRowVisitor, type VisitRows } from './rowVisitor.ts';

/** What a database holds. */
export interface StoreCounts {
  readonly tests: number;
  readonly traces: number;
  readonly routes: number;
  readonly responders: number;
  readonly routePeriods: number;
  readonly changes: number;
}

/** What looking through a database came to. */
export interface IntegrityCheck {
  /** One sentence for each thing that is wrong, the first hundred of them. */
  readonly faults: readonly string[];
  readonly counts: StoreCounts;
}

const maxFaults = 100;

type ReportFault = (fault: string) => void;

/** Looks through everything: the structure of the file, references, and every packed body. Reads all of it. */
export function checkDatabase(database: DatabaseSync, tables: Tables): IntegrityCheck {
  const faults: string[] = [];
  const reportFault = (fault: string) => {
    if (faults.length < maxFaults) faults.push(fault);
  };
  const visitRows = createRowVisitor(database, reportFault);
  // One snapshot, for a run may be writing.
  database.exec('BEGIN');
  try {
    checkFile(visitRows, reportFault);
    return { faults, counts: checkContent(visitRows, tables, reportFault) };
  } finally {
    database.exec('ROLLBACK');
  }
}

function checkFile(visitRows: VisitRows, reportFault: ReportFault): void {
  visitRows('the structure of the file', 'PRAGMA integrity_check(20)', (row) => {
    if (row.integrity_check !== 'ok') reportFault(String(row.integrity_check));
  });
  visitRows('the references', 'PRAGMA foreign_key_check', ({ table }) => {
    reportFault(`a row of the table ${table} belongs to no test`);
  });
}

function checkContent(visitRows: VisitRows, tables: Tables, reportFault: ReportFault): StoreCounts {
  const routes = routeSizes(visitRows, tables);
  const tests = new Set<number>();
  visitRows('test', 'SELECT number, parameters, event_types FROM test', (row) => {
    tests.add(Number(row.number));
    JSON.parse(String(row.parameters));
    JSON.parse(String(row.event_types));
  });
  visitRows('run', 'SELECT number, body FROM run', ({ body }) => {
    JSON.parse(String(body));
  });
  let responders = 0;
  visitRows('responder', 'SELECT number FROM responder', () => {
    responders += 1;
  });
  return {
    tests: tests.size,
    traces: checkTraces(visitRows, { tests, routes }, reportFault),
    routes: routes.size,
    responders,
    routePeriods: checkPeriods(visitRows, tables, reportFault),
    changes: checkAlerts(visitRows),
  };
}

function routeSizes(visitRows: VisitRows, { responders }: Tables): Map<number, RouteSize> {
  const sizes = new Map<number, RouteSize>();
  visitRows('route', 'SELECT number, body FROM route', ({ number, body }) => {
    const { hops } = unpackRoute(body as Uint8Array, responders.addressOf);
    const addresses = hops.reduce((sum, hop) => sum + hop.addresses.length, 0);
    sizes.set(Number(number), { hops: hops.length, addresses });
  });
  return sizes;
}

/** Number of traces. */
function checkTraces(
  visitRows: VisitRows,
  context: ChunkContext,
  reportFault: ReportFault,
): number {
  let count = 0;
  visitRows('traces', 'SELECT key AS number, body FROM chunk', ({ number, body }) => {
    const traces = unpackTraces(body as Uint8Array, (route) => route);
    count += traces.length;
    const fault = findChunkFault(Number(number), traces, context);
    if (fault !== null) reportFault(`traces ${number}: ${fault}`);
  });
  return count;
}

/** Number of periods. */
function checkPeriods(
  visitRows: VisitRows,
  { responders }: Tables,
  reportFault: ReportFault,
): number {
  const patterns = new Set<number>();
  visitRows('route of a period', 'SELECT number, body FROM pattern', ({ number, body }) => {
    unpackPattern(body as Uint8Array, responders.addressOf);
    patterns.add(Number(number));
  });
  let count = 0;
  visitRows(
    'period of test',
    'SELECT test AS number, from_at, to_at, pattern FROM route_period',
    (row) => {
      count += 1;
      const about = `a period of test ${row.number}`;
      if (!patterns.has(Number(row.pattern))) reportFault(`${about} has a route that is not there`);
      if (Number(row.from_at) > Number(row.to_at)) reportFault(`${about} ends before it begins`);
    },
  );
  return count;
}
