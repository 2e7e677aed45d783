import { hostname } from 'node:os';
import type { MtrConfig } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/run/problem.ts';
import { createReadingTable } from '../../sources/mtr/localReadings.ts';
import type { LocalRun } from '../../sources/mtr/localRun.ts';
import type { ImportPart } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { trustClock } from '../clock/trustClock.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';

/** The result of importing files. */
export interface IngestResult {
  readonly runs: number;
  /** Traces that the store did not have. */
  readonly newTraces: number;
  /** Runs that give a host's name but not its address. */
  readonly namedRuns: number;
  readonly problems: readonly Problem[];
}

/** The name of this host in its tests. */
export function localHostName({ source }: MtrConfig): string {
  return source ?? hostname();
}

/**
 * Stores the parts of a file, each in one transaction. Results that the store already has change
 * nothing. Unreadable parts become problems. Throws when the store fails or the session is
 * interrupted.
 */
export async function ingest(
  name: string,
  parts: AsyncIterable<ImportPart>,
  store: Store,
  session: Session,
): Promise<IngestResult> {
  const problems: Problem[] = [];
  let runs = 0;
  let newTraces = 0;
  let namedRuns = 0;
  for await (const part of readParts(name, parts, session)) {
    session.signal.throwIfAborted();
    newTraces += storePart(part, store, session.now);
    runs += part.runs;
    namedRuns += part.namedRuns;
    problems.push(...part.problems);
  }
  return { runs, newTraces, namedRuns, problems };
}

/** The parts of a file. A read error becomes a last, empty part with a problem. */
async function* readParts(
  name: string,
  parts: AsyncIterable<ImportPart>,
  session: Session,
): AsyncGenerator<ImportPart> {
  try {
    yield* parts;
  } catch (error) {
    const isExpected = error instanceof ExpectedError;
    const problem = isExpected ? error.toProblem() : toContainedProblem(error, name, session);
    yield { readings: [], runs: 0, namedRuns: 0, bytes: 0, resume: null, problems: [problem] };
  }
}

/** Stores all readings in one transaction. Returns the number of new traces. */
function storePart({ readings }: Pick<ImportPart, 'readings'>, store: Store, now: number): number {
  return store.transaction(() => {
    store.upsertTests(
      readings.map(({ test }) => test),
      now,
    );
    return readings.reduce((sum, { test, ...reading }) => {
      return sum + store.append(test.id, reading).added;
    }, 0);
  });
}

/** Stores runs of mtr in one transaction. Throws a `ClockDoubtError`. */
export function storeRuns(runs: readonly LocalRun[], store: Store, now: number): void {
  trustClock(store, now);
  const table = createReadingTable();
  for (const run of runs) table.add(run);
  storePart({ readings: table.readings() }, store, now);
}

/** Adds up several results. */
export function sumIngestResults(results: readonly IngestResult[]): IngestResult {
  return {
    runs: results.reduce((sum, { runs }) => sum + runs, 0),
    newTraces: results.reduce((sum, { newTraces }) => sum + newTraces, 0),
    namedRuns: results.reduce((sum, { namedRuns }) => sum + namedRuns, 0),
    problems: results.flatMap(({ problems }) => problems),
  };
}
