import type { DatabaseSync } from 'node:sqlite';
import { bytes, number, text } from '../db/query.ts';
import type { Tables } from '../tables.ts';
import { unpackPattern } from '../traces/packedPattern.ts';
import { unpackRoute } from '../traces/packedRoute.ts';
import { unpackTraces } from '../traces/packedTraces.ts';
import { checkAlerts } from './checkAlerts.ts';
import { type ChunkContext, findChunkFault, type RouteSize } from './checkChunk.ts';
import { createRowVisitor, type VisitRows } from './rowVisitor.ts';

/** Numbers of what a database holds. */
export interface StoreCounts {
  readonly tests: number;
  readonly traces: number;
  readonly routes: number;
  readonly responders: number;
  readonly routePeriods: number;
  readonly changes: number;
}

/** The result of an integrity check. */
export interface IntegrityCheck {
  /** One phrase for each fault, at most a hundred. */
  readonly faults: readonly string[];
  readonly counts: StoreCounts;
}

const maxFaults = 100;

const bodyColumns = { number, body: bytes };

type ReportFault = (fault: string) => void;

/**
 * Checks the structure of the file, the references and every packed body. Reads the whole database.
 */
export function checkDatabase(database: DatabaseSync, tables: Tables): IntegrityCheck {
  const faults: string[] = [];
  const reportFault = (fault: string) => {
    if (faults.length < maxFaults) faults.push(fault);
  };
  const visitRows = createRowVisitor(database, reportFault);
  // A snapshot, because a run may be writing.
  database.exec('BEGIN');
  try {
    checkFile(visitRows, reportFault);
    return { faults, counts: checkContent(visitRows, tables, reportFault) };
  } finally {
    database.exec('ROLLBACK');
  }
}

function checkFile(visitRows: VisitRows, reportFault: ReportFault): void {
  const integrity = { integrity_check: text };
  visitRows('the structure of the file', 'PRAGMA integrity_check(20)', integrity, (row) => {
    if (row.integrity_check !== 'ok') reportFault(row.integrity_check);
  });
  visitRows('the references', 'PRAGMA foreign_key_check', { table: text }, ({ table }) => {
    reportFault(`a row of the table ${table} refers to a missing test`);
  });
}

function checkContent(visitRows: VisitRows, tables: Tables, reportFault: ReportFault): StoreCounts {
  const routes = routeSizes(visitRows, tables);
  const tests = new Set<number>();
  const testColumns = { number, parameters: text, event_types: text };
  visitRows('test', 'SELECT number, parameters, event_types FROM test', testColumns, (row) => {
    tests.add(row.number);
    JSON.parse(row.parameters);
    JSON.parse(row.event_types);
  });
  visitRows('run', 'SELECT number, body FROM run', { number, body: text }, ({ body }) => {
    JSON.parse(body);
  });
  const responders = visitRows('responder', 'SELECT number FROM responder', { number }, () => {});
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
  visitRows('route', 'SELECT number, body FROM route', bodyColumns, (row) => {
    const { hops } = unpackRoute(row.body, responders.addressOf);
    const addresses = hops.reduce((sum, hop) => sum + hop.addresses.length, 0);
    sizes.set(row.number, { hops: hops.length, addresses });
  });
  return sizes;
}

/** Checks the traces; returns their number. */
function checkTraces(
  visitRows: VisitRows,
  context: ChunkContext,
  reportFault: ReportFault,
): number {
  let count = 0;
  visitRows('traces', 'SELECT key AS number, body FROM chunk', bodyColumns, (row) => {
    const traces = unpackTraces(row.body, (route) => route);
    count += traces.length;
    const fault = findChunkFault(row.number, traces, context);
    if (fault !== null) reportFault(`traces ${row.number}: ${fault}`);
  });
  return count;
}

/** Checks the route periods; returns their number. */
function checkPeriods(
  visitRows: VisitRows,
  { responders }: Tables,
  reportFault: ReportFault,
): number {
  const patterns = new Set<number>();
  visitRows('route of a period', 'SELECT number, body FROM pattern', bodyColumns, (row) => {
    unpackPattern(row.body, responders.addressOf);
    patterns.add(row.number);
  });
  return visitRows(
    'period of test',
    'SELECT test AS number, from_at, to_at, pattern FROM route_period',
    { number, from_at: number, to_at: number, pattern: number },
    (row) => {
      const about = `a period of test ${row.number}`;
      if (!patterns.has(row.pattern)) reportFault(`the route of ${about} is missing`);
      if (row.from_at > row.to_at) reportFault(`${about} ends before it starts`);
    },
  );
}
