import type { ImportPart } from '../types.ts';
import { faultRemedy } from './faultRemedies.ts';
import {
  createFactsReader,
  type ImportFile,
  type ImportOptions,
  type TimedRun,
} from './importFacts.ts';
import { createReadingTable, type ReadingTable } from './localReadings.ts';
import { createLocalRun, type LocalRun } from './localRun.ts';
import type { DocumentSink, FilePosition, RunDocument } from './runDocument.ts';
import type { SkippedParts } from './skippedParts.ts';

const targetRemedy =
  'Name the file SOURCE_DESTINATION_TIME.txt, or give the target on the command line.';
const timeRemedy =
  'Write a line with the time (date) before each run, give the interval of the runs, or write them with --csv or --report, which include the time.';
const clockRemedy = 'Check the clock of the measuring host.';

/** A clock may be ahead by this much, seconds. */
const clockTolerance = 300;

/** Converts documents to runs and collects them until the next part. */
export interface RunCollector {
  readonly sink: DocumentSink;
  readonly runs: number;
  takePart(): Pick<ImportPart, 'readings' | 'runs' | 'namedRuns'>;
  /** Adds the runs whose time depends on the end of the file, one by one. */
  addHeldRuns(): Iterable<void>;
}

/** A collector for the documents of one file. Documents that cannot be used go to `skipped`. */
export function createRunCollector(
  file: ImportFile,
  options: ImportOptions,
  skipped: SkippedParts,
): RunCollector {
  const factsOf = createFactsReader(file, options);
  const { intervalSeconds, now } = options;
  const firstRuns = createRunCount();
  const lastRuns = createHeldRuns(intervalSeconds, skipped);
  let table: ReadingTable = createReadingTable();
  let namedRuns = 0;

  function addDocument(document: RunDocument, place: FilePosition): void {
    const { timedRun, ...facts } = factsOf(document);
    const run = createLocalRun(document, facts, table.intern);
    if (typeof run === 'string') {
      skipped.record(run, place, { remedy: targetRemedy });
      return;
    }
    const newest = timedRun === 'own' ? Math.min(file.modifiedAt ?? now, now) : now;
    if (timedRun === 'own') addRun(run, place, newest, timedRun);
    else if (timedRun === 'last') lastRuns.hold(run, place);
    else addLaterRun(run, place);
  }

  /** Adds a run at its number of intervals after the first one. */
  function addLaterRun(run: LocalRun, place: FilePosition): void {
    const before = firstRuns.count(run.test.id);
    if (before === null || (before > 0 && intervalSeconds === null)) {
      skipped.record('its test already has a run at this time', place, { remedy: timeRemedy });
    } else addRun(shiftRun(run, before * (intervalSeconds ?? 0)), place, now, 'first');
  }

  function addRun(run: LocalRun, place: FilePosition, newest: number, timed: TimedRun): void {
    const at = run.trace?.startedAt ?? run.failure?.at ?? newest;
    if (at > now + clockTolerance) {
      skipped.record('its time is in the future', place, { remedy: clockRemedy });
    } else if (at > newest + clockTolerance) {
      skipped.record('its time is later than the last change of the file', place, {
        remedy: clockRemedy,
      });
    } else if (at < 0) skipped.record('its time is before 1970', place, { remedy: clockRemedy });
    else {
      table.add(run);
      options.onRun?.(run, place, timed);
      if (run.trace?.named !== undefined) namedRuns += 1;
    }
  }

  return {
    sink: {
      onRun: addDocument,
      onFault: (message, place, detail) =>
        skipped.record(message, place, { detail, remedy: faultRemedy(message) }),
      onTimeLine: lastRuns.discard,
    },
    get runs() {
      return table.runs;
    },
    takePart() {
      const part = { readings: table.readings(), runs: table.runs, namedRuns };
      table = createReadingTable();
      namedRuns = 0;
      return part;
    },
    *addHeldRuns() {
      for (const { run, place } of lastRuns.release()) yield addRun(run, place, now, 'last');
    },
  };
}

function shiftRun(run: LocalRun, seconds: number): LocalRun {
  const { trace, failure } = run;
  return {
    ...run,
    trace: trace && { ...trace, startedAt: trace.startedAt + seconds },
    failure: failure && { ...failure, at: failure.at + seconds },
  };
}

/** Most tests of one file whose runs are counted. */
const maxTests = 100_000;

/** Counts the runs of each test. */
function createRunCount(): { count(testId: string): number | null } {
  const counts = new Map<string, number>();
  return {
    /** The number of earlier runs; null if there are too many tests. */
    count(testId) {
      const before = counts.get(testId) ?? 0;
      if (before === 0 && counts.size >= maxTests) return null;
      counts.set(testId, before + 1);
      return before;
    },
  };
}

/** A run at the time of the file, and the position of its document. */
interface HeldRun {
  readonly run: LocalRun;
  readonly place: FilePosition;
}

/**
 * Holds runs without a time until the end of the file: the last run of each test has the time of
 * the file, and the others precede it by the interval. Without an interval, only the last one has a
 * time.
 */
function createHeldRuns(
  intervalSeconds: number | null,
  skipped: SkippedParts,
): {
  hold(run: LocalRun, place: FilePosition): void;
  /** Rejects all runs so far, because the file has a time behind them. */
  discard(): void;
  release(): Iterable<HeldRun>;
} {
  const held = new Map<string, HeldRun[]>();
  return {
    hold(run, place) {
      const runs = held.get(run.test.id) ?? [];
      held.set(run.test.id, runs);
      const replaced = intervalSeconds === null ? runs.pop() : undefined;
      if (replaced !== undefined) {
        skipped.record(
          'its time is unknown, and a later run has that of the file',
          replaced.place,
          { remedy: timeRemedy },
        );
      }
      runs.push({ run, place });
    },
    discard() {
      for (const { place } of [...held.values()].flat()) {
        skipped.record('its time is unknown, and a later line has a time', place, {
          remedy: timeRemedy,
        });
      }
      held.clear();
    },
    *release() {
      for (const runs of held.values()) {
        for (const [index, { run, place }] of runs.entries()) {
          const earlier = (runs.length - 1 - index) * (intervalSeconds ?? 0);
          yield { run: shiftRun(run, -earlier), place };
        }
      }
    },
  };
}
