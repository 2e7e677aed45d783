import type { DatabaseSync } from 'node:sqlite';
import { type Acknowledgements, openAcknowledgements } from './acknowledgements.ts';
import { type Archives, openArchives } from './archives.ts';
import { ByteWriter } from './bytes.ts';
import { type Changes, openChanges } from './changes.ts';
import { type Covered, openCovered } from './covered.ts';
import { type Detections, openDetections } from './detections.ts';
import { type Failures, openFailures } from './failures.ts';
import { type Incidents, openIncidents } from './incidents.ts';
import { type Lateness, openLateness } from './lateness.ts';
import { type Lookups, openLookups } from './lookups.ts';
import { type KeptOutbox, openOutbox } from './outbox.ts';
import { openPeriods, type Periods } from './periods.ts';
import { openResponders, type Responders } from './responders.ts';
import { openRoutes, type Routes } from './routes.ts';
import { openRuns, type Runs } from './runs.ts';
import { openSettled, type Settled } from './settled.ts';
import { openSilences, type Silences } from './silences.ts';
import { openTakenFiles, type TakenFiles } from './takenFiles.ts';
import { openTests, type Tests } from './tests.ts';
import { openTraces, type Traces } from './traces.ts';
import { type Transactions, transactions } from './transaction.ts';

/** Everything a database holds, table by table. */
export interface Tables extends Transactions {
  readonly tests: Tests;
  readonly settled: Settled;
  readonly responders: Responders;
  readonly lookups: Lookups;
  readonly routes: Routes;
  readonly traces: Traces;
  readonly failures: Failures;
  readonly periods: Periods;
  readonly covered: Covered;
  readonly archives: Archives;
  readonly takenFiles: TakenFiles;
  readonly runs: Runs;
  readonly detections: Detections;
  readonly lateness: Lateness;
  readonly changes: Changes;
  readonly incidents: Incidents;
  readonly silences: Silences;
  readonly acknowledgements: Acknowledgements;
  readonly outbox: KeptOutbox;
}

/** Opens the tables of a database in the newest layout. */
export function openTables(database: DatabaseSync): Tables {
  const writer = new ByteWriter();
  const responders = openResponders(database);
  const routes = openRoutes(database, responders, writer);
  const tests = openTests(database);
  const traces = openTraces(database, routes, writer);
  const joined = transactions(database, () => {
    responders.forget();
    tests.forget();
    traces.release();
  });
  return {
    tests,
    settled: openSettled(database),
    responders,
    lookups: openLookups(database, responders),
    routes,
    traces,
    failures: openFailures(database),
    periods: openPeriods(database, responders, writer),
    covered: openCovered(database),
    archives: openArchives(database),
    takenFiles: openTakenFiles(database),
    runs: openRuns(database),
    detections: openDetections(database, tests),
    lateness: openLateness(database, tests),
    changes: openChanges(database, tests),
    incidents: openIncidents(database),
    silences: openSilences(database),
    acknowledgements: openAcknowledgements(database),
    outbox: openOutbox(database, joined.transaction),
    ...joined,
  };
}
