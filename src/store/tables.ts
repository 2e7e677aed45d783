import type { DatabaseSync } from 'node:sqlite';
import { type Acknowledgements, openAcknowledgements } from './acknowledgements.ts';
import { type Archives, openArchives } from './archives.ts';
import { ByteWriter } from './bytes.ts';
import { type Changes, openChanges } from './changes.ts';
import { type Coverage, openCoverage } from './covered.ts';
import { type DetectionStates, openDetectionStates } from './detections.ts';
import { type Failures, openFailures } from './failures.ts';
import { type Incidents, openIncidents } from './incidents.ts';
import { type LateArrivals, openLateArrivals } from './lateness.ts';
import { type Lookups, openLookups } from './lookups.ts';
import { openOutbox, type StoredOutbox } from './outbox.ts';
import { openRoutePeriods, type RoutePeriods } from './periods.ts';
import { openResponders, type Responders } from './responders.ts';
import { openRoutes, type Routes } from './routes.ts';
import { openRuns, type Runs } from './runs.ts';
import { type FinalizedHistory, openFinalizedHistory } from './settled.ts';
import { openSilences, type Silences } from './silences.ts';
import { type IngestedFiles, openIngestedFiles } from './takenFiles.ts';
import { openTests, type Tests } from './tests.ts';
import { openTraces, type Traces } from './traces.ts';
import { createTransactions, type Transactions } from './transaction.ts';

/** Everything a database holds, table by table. */
export interface Tables extends Transactions {
  readonly tests: Tests;
  readonly finalized: FinalizedHistory;
  readonly responders: Responders;
  readonly lookups: Lookups;
  readonly routes: Routes;
  readonly traces: Traces;
  readonly failures: Failures;
  readonly routePeriods: RoutePeriods;
  readonly coverage: Coverage;
  readonly archives: Archives;
  readonly ingestedFiles: IngestedFiles;
  readonly runs: Runs;
  readonly detectionStates: DetectionStates;
  readonly lateArrivals: LateArrivals;
  readonly changes: Changes;
  readonly incidents: Incidents;
  readonly silences: Silences;
  readonly acknowledgements: Acknowledgements;
  readonly outbox: StoredOutbox;
}

/** Opens the tables of a database in the newest layout. */
export function openTables(database: DatabaseSync): Tables {
  const writer = new ByteWriter();
  const responders = openResponders(database);
  const routes = openRoutes(database, responders, writer);
  const tests = openTests(database);
  const traces = openTraces(database, routes, writer);
  const transactions = createTransactions(database, () => {
    responders.clearCache();
    tests.clearCache();
    traces.clearCache();
  });
  return {
    tests,
    finalized: openFinalizedHistory(database),
    responders,
    lookups: openLookups(database, responders),
    routes,
    traces,
    failures: openFailures(database),
    routePeriods: openRoutePeriods(database, responders, writer),
    coverage: openCoverage(database),
    archives: openArchives(database),
    ingestedFiles: openIngestedFiles(database),
    runs: openRuns(database),
    detectionStates: openDetectionStates(database, tests),
    lateArrivals: openLateArrivals(database, tests),
    changes: openChanges(database, tests),
    incidents: openIncidents(database),
    silences: openSilences(database),
    acknowledgements: openAcknowledgements(database),
    outbox: openOutbox(database, transactions.transaction),
    ...transactions,
  };
}
