import type { Place, RunDocument, Sink } from './document.ts';
import { factsFor, type ImportOptions, type RunFile } from './importFacts.ts';
import type { ImportPart } from './importRuns.ts';
import { createReadingTable, type ReadingTable } from './readings.ts';
import { type LocalRun, runOf } from './run.ts';
import type { Skipped } from './skipped.ts';

const targetRemedy =
  'Name the file SOURCE_DESTINATION_TIME.txt, or tell the target on the command line.';
const timeRemedy =
  'Tell how far apart the runs are, keep each run in a file of its own, or write them with --csv or --report, which tell the time.';

const clockRemedy = 'Check the clock of the host that measured.';
const day = 86_400;

/** Makes runs of documents and keeps them until they are taken. */
export interface RunCollector {
  readonly sink: Sink;
  readonly runs: number;
  take(): Pick<ImportPart, 'readings' | 'runs' | 'namedRuns'>;
}

/** A collector for the documents of one file; what cannot be used is noted in `skipped`. */
export function createRunCollector(
  file: RunFile,
  options: ImportOptions,
  skipped: Skipped,
): RunCollector {
  const factsOf = factsFor(file, options);
  const clock = createClock(options);
  let table: ReadingTable = createReadingTable();
  let namedRuns = 0;

  function takeDocument(document: RunDocument, place: Place): void {
    const facts = factsOf(document);
    const made = runOf(document, facts, table.intern);
    if (typeof made === 'string') {
      skipped.note(made, place, targetRemedy);
      return;
    }
    const run = facts.isOwnTime ? made : clock.set(made);
    if (run === null) {
      skipped.note('its test has a run at this time already', place, timeRemedy);
      return;
    }
    const at = run.trace?.startedAt ?? run.failure?.at ?? facts.startedAt;
    if (at > options.now + day) skipped.note('its time lies in the future', place, clockRemedy);
    else if (at < 0) skipped.note('its time lies before 1970', place, clockRemedy);
    else keep(run);
  }

  function keep(run: LocalRun): void {
    table.add(run);
    if (run.trace?.named !== undefined) namedRuns += 1;
  }

  return {
    sink: { document: takeDocument, damage: skipped.note },
    get runs() {
      return table.runs;
    },
    take() {
      const taken = { readings: table.readings(), runs: table.runs, namedRuns };
      table = createReadingTable();
      namedRuns = 0;
      return taken;
    },
  };
}

/** Tests of one file of which it is remembered how many runs there were. */
const mostTests = 100_000;

/**
 * Tells apart the runs of a file that tell no time: the first of a test has the time of the file, the next ones follow in the
 * distance that the user names. null for a further run when nothing is named.
 */
function createClock({ spacingSeconds }: ImportOptions): { set(run: LocalRun): LocalRun | null } {
  const seen = new Map<string, number>();
  return {
    set(run) {
      const before = seen.get(run.test.id) ?? 0;
      if (before === 0 && seen.size >= mostTests) return null;
      seen.set(run.test.id, before + 1);
      if (before === 0) return run;
      if (spacingSeconds === null) return null;
      const later = before * spacingSeconds;
      const { trace, failure } = run;
      return {
        ...run,
        trace: trace && { ...trace, startedAt: trace.startedAt + later },
        failure: failure && { ...failure, at: failure.at + later },
      };
    },
  };
}
