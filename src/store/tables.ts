import type { DatabaseSync } from 'node:sqlite';
import { type Acceptances, openAcceptances } from './alerts/acceptances.ts';
import { type Acknowledgements, openAcknowledgements } from './alerts/acknowledgements.ts';
import { type AlertRetention, openAlertRetention } from './alerts/alertRetention.ts';
import { type Changes, openChanges } from './alerts/changes.ts';
import { type DetectionStates, openDetectionStates } from './alerts/detectionStates.ts';
import { type Incidents, openIncidents } from './alerts/incidents.ts';
import { type LateArrivals, openLateArrivals } from './alerts/lateArrivals.ts';
import { openOutbox, type StoredOutbox } from './alerts/outbox.ts';
import { openSilences, type Silences } from './alerts/silences.ts';
import { ByteWriter } from './db/bytes.ts';
import { createTransactions, type Transactions } from './db/transactions.ts';
import { type FinalizedHistory, openFinalizedHistory } from './history/finalizedHistory.ts';
import { type Metrics, openMetrics } from './history/metrics.ts';
import { openPastVersions, type PastVersions } from './history/pastVersions.ts';
import { openPatterns } from './history/patterns.ts';
import { openRoutePeriods, type RoutePeriods } from './history/routePeriods.ts';
import { type Identities, openIdentities } from './identity/identities.ts';
import { type ArchiveReaderTable, openArchiveReaders } from './runs/archiveReaders.ts';
import { type Archives, openArchives } from './runs/archives.ts';
import { type IngestedFiles, openIngestedFiles } from './runs/ingestedFiles.ts';
import { openRuns, type Runs } from './runs/runs.ts';
import {
  type Aliases,
  type NearAddresses,
  openAliases,
  openNearAddresses,
} from './traces/aliases.ts';
import { openChunks } from './traces/chunks.ts';
import { type Coverage, openCoverage } from './traces/coverage.ts';
import { type Failures, openFailures } from './traces/failures.ts';
import { type Lookups, openLookups } from './traces/lookups.ts';
import { openResponders, type Responders } from './traces/responders.ts';
import { openRoutes, type Routes } from './traces/routes.ts';
import { openTests, type Tests } from './traces/tests.ts';
import { openTraces, type Traces } from './traces/traces.ts';

/** All tables of a database. */
export interface Tables extends Transactions {
  readonly tests: Tests;
  readonly identities: Identities;
  readonly finalized: FinalizedHistory;
  readonly pastVersions: PastVersions;
  readonly metrics: Metrics;
  readonly responders: Responders;
  readonly aliases: Aliases;
  readonly nearAddresses: NearAddresses;
  readonly lookups: Lookups;
  readonly routes: Routes;
  readonly traces: Traces;
  readonly failures: Failures;
  readonly routePeriods: RoutePeriods;
  readonly coverage: Coverage;
  readonly archives: Archives;
  readonly archiveReaders: ArchiveReaderTable;
  readonly ingestedFiles: IngestedFiles;
  readonly runs: Runs;
  readonly detectionStates: DetectionStates;
  readonly lateArrivals: LateArrivals;
  readonly changes: Changes;
  readonly incidents: Incidents;
  readonly alertRetention: AlertRetention;
  readonly silences: Silences;
  readonly acknowledgements: Acknowledgements;
  readonly acceptances: Acceptances;
  readonly outbox: StoredOutbox;
}

/** Opens the tables of a database with the newest layout. */
export function openTables(database: DatabaseSync): Tables {
  const writer = new ByteWriter();
  const pastVersions = openPastVersions(database);
  const responders = openResponders(database, pastVersions);
  const routes = openRoutes(database, responders, writer);
  const tests = openTests(database);
  const traces = openTraces(openChunks(database, writer), routes);
  const transactions = createTransactions(database, () => {
    responders.clearCache();
    tests.clearCache();
    traces.clearCache();
  });
  return {
    tests,
    identities: openIdentities(database, tests, transactions.transaction),
    finalized: openFinalizedHistory(database),
    pastVersions,
    metrics: openMetrics(database),
    responders,
    aliases: openAliases(database),
    nearAddresses: openNearAddresses(database),
    lookups: openLookups(database, responders),
    routes,
    traces,
    failures: openFailures(database),
    routePeriods: openRoutePeriods(database, openPatterns(database, responders, writer)),
    coverage: openCoverage(database),
    archives: openArchives(database),
    archiveReaders: openArchiveReaders(database),
    ingestedFiles: openIngestedFiles(database),
    runs: openRuns(database),
    detectionStates: openDetectionStates(database, tests),
    lateArrivals: openLateArrivals(database, tests),
    changes: openChanges(database, tests),
    incidents: openIncidents(database),
    alertRetention: openAlertRetention(database),
    silences: openSilences(database),
    acknowledgements: openAcknowledgements(database),
    acceptances: openAcceptances(database),
    outbox: openOutbox(database, transactions.transaction),
    ...transactions,
  };
}
