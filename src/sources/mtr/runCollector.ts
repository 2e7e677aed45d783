import type { ImportPart } from '../types.ts';
import { createFactsReader, type ImportFile, type ImportOptions } from './importFacts.ts';
import { createReadingTable, type ReadingTable } from './localReadings.ts';
import { createLocalRun, type LocalRun } from './localRun.ts';
import type { DocumentSink, FilePosition, RunDocument } from './runDocument.ts';
import type { SkippedParts } from './skippedParts.ts';

const targetRemedy =
  'Name the file SOURCE_DESTINATION_TIME.txt, or tell the target on the command line.';
const timeRemedy =
  'Tell how far apart the runs are, keep each run in a file of its own, or write them with --csv or --report, which tell the time.';

const clockRemedy = 'Check the clock of the host that measured.';
const day = 86_400;

/** Makes runs of documents and keeps them until they are taken. */
export interface RunCollector {
  readonly sink: DocumentSink;
  readonly runs: number;
  takePart(): Pick<ImportPart, 'readings' | 'runs' | 'namedRuns'>;
}

/** A collector for the documents of one file; what cannot be used is noted in `skipped`. */
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
      skipped.record('its test has a run at this time already', place, timeRemedy);
      return;
    }
    const at = run.trace?.startedAt ?? run.failure?.at ?? facts.startedAt;
    if (at > options.now + day) skipped.record('its time lies in the future', place, clockRemedy);
    else if (at < 0) skipped.record('its time lies before 1970', place, clockRemedy);
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

/** Tests of one file of which it is remembered how many runs there were. */
const maxTests = 100_000;

/**
 * Tells apart the runs of a file that tell no time: the first of a test has the time of the file, the next ones follow in the
 * distance that the user names. null for a further run when nothing is named.
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
