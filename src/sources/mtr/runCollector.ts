import { daySeconds } from '../../model/time.ts';
import type { ImportPart } from '../types.ts';
import { createFactsReader, type ImportFile, type ImportOptions } from './importFacts.ts';
import { createReadingTable, type ReadingTable } from './localReadings.ts';
import { createLocalRun, type LocalRun } from './localRun.ts';
import type { DocumentSink, FilePosition, RunDocument } from './runDocument.ts';
import type { SkippedParts } from './skippedParts.ts';

const targetRemedy =
  'Name the file SOURCE_DESTINATION_TIME.txt, or give the target on the command line.';
const timeRemedy =
  'Give the interval of the runs, store each run in its own file, or write them with --csv or --report, which include the time.';
const clockRemedy = 'Check the clock of the measuring host.';

/** Converts documents to runs and collects them until the next part. */
export interface RunCollector {
  readonly sink: DocumentSink;
  readonly runs: number;
  takePart(): Pick<ImportPart, 'readings' | 'runs' | 'namedRuns'>;
}

/** A collector for the documents of one file. Documents that cannot be used go to `skipped`. */
export function createRunCollector(
  file: ImportFile,
  options: ImportOptions,
  skipped: SkippedParts,
): RunCollector {
  const factsOf = createFactsReader(file, options);
  const runClock = createRunClock(options);
  let table: ReadingTable = createReadingTable();
  let namedRuns = 0;

  function addDocument(document: RunDocument, place: FilePosition): void {
    const facts = factsOf(document);
    const result = createLocalRun(document, facts, table.intern);
    if (typeof result === 'string') {
      skipped.record(result, place, targetRemedy);
      return;
    }
    const run = facts.hasOwnTime ? result : runClock.assignTime(result);
    if (run === null) {
      skipped.record('its test already has a run at this time', place, timeRemedy);
      return;
    }
    const at = run.trace?.startedAt ?? run.failure?.at ?? facts.startedAt;
    if (at > options.now + daySeconds)
      skipped.record('its time is in the future', place, clockRemedy);
    else if (at < 0) skipped.record('its time is before 1970', place, clockRemedy);
    else addRun(run);
  }

  function addRun(run: LocalRun): void {
    table.add(run);
    if (run.trace?.named !== undefined) namedRuns += 1;
  }

  return {
    sink: { onRun: addDocument, onFault: skipped.record },
    get runs() {
      return table.runs;
    },
    takePart() {
      const part = { readings: table.readings(), runs: table.runs, namedRuns };
      table = createReadingTable();
      namedRuns = 0;
      return part;
    },
  };
}

/** Most tests of one file whose runs are counted. */
const maxTests = 100_000;

/**
 * Assigns times to the runs of a file that have none: the first run of a test has the time of the
 * file, the next ones follow at the interval that the user gave. null for a further run without an
 * interval.
 */
function createRunClock({ intervalSeconds }: ImportOptions): {
  assignTime(run: LocalRun): LocalRun | null;
} {
  const seen = new Map<string, number>();
  return {
    assignTime(run) {
      const before = seen.get(run.test.id) ?? 0;
      if (before === 0 && seen.size >= maxTests) return null;
      seen.set(run.test.id, before + 1);
      if (before === 0) return run;
      if (intervalSeconds === null) return null;
      const later = before * intervalSeconds;
      const { trace, failure } = run;
      return {
        ...run,
        trace: trace && { ...trace, startedAt: trace.startedAt + later },
        failure: failure && { ...failure, at: failure.at + later },
      };
    },
  };
}
