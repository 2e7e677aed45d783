import type { DatabaseSync } from 'node:sqlite';
import { type Archives, openArchives } from './archives.ts';
import { ByteWriter } from './bytes.ts';
import { type Covered, openCovered } from './covered.ts';
import { type Failures, openFailures } from './failures.ts';
import { openPeriods, type Periods } from './periods.ts';
import { openResponders, type Responders } from './responders.ts';
import { openRoutes, type Routes } from './routes.ts';
import { openRuns, type Runs } from './runs.ts';
import { openSettled, type Settled } from './settled.ts';
import { openTests, type Tests } from './tests.ts';
import { openTraces, type Traces } from './traces.ts';
import { type Transaction, transactions } from './transaction.ts';

/** Everything a database holds, table by table. */
export interface Tables {
  readonly tests: Tests;
  readonly settled: Settled;
  readonly responders: Responders;
  readonly routes: Routes;
  readonly traces: Traces;
  readonly failures: Failures;
  readonly periods: Periods;
  readonly covered: Covered;
  readonly archives: Archives;
  readonly runs: Runs;
  readonly transaction: Transaction;
}

/** Opens the tables of a database in the newest layout. */
export function openTables(database: DatabaseSync): Tables {
  const writer = new ByteWriter();
  const responders = openResponders(database);
  const routes = openRoutes(database, responders, writer);
  return {
    tests: openTests(database),
    settled: openSettled(database),
    responders,
    routes,
    traces: openTraces(database, routes, writer),
    failures: openFailures(database),
    periods: openPeriods(database, responders, writer),
    covered: openCovered(database),
    archives: openArchives(database),
    runs: openRuns(database),
    transaction: transactions(database, responders.forget),
  };
}
