import { hostname } from 'node:os';
import type { MtrConfig } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/problem.ts';
import { createReadingTable } from '../../sources/mtr/localReadings.ts';
import type { LocalRun } from '../../sources/mtr/localRun.ts';
import type { ImportPart } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';

/** What taking in files came to. */
export interface IngestResult {
  readonly runs: number;
  /** Traces that were not there yet. */
  readonly newTraces: number;
  /** Runs in which a host is told by its name alone. */
  readonly namedRuns: number;
  readonly problems: readonly Problem[];
}

/** Name by which the tests of this host are known. */
export function localHostName({ source }: MtrConfig): string {
  return source ?? hostname();
}

/**
 * Takes a file into the store, one transaction for each of its parts; what is known already changes nothing. What cannot be read
 * becomes a problem; a failure of the store and the session's interruption are thrown.
 */
export async function ingest(
  name: string,
  parts: AsyncIterable<ImportPart>,
  store: Store,
  session: Session,
): Promise<IngestResult> {
  const problems: Problem[] = [];
  let [runs, newTraces, namedRuns] = [0, 0, 0];
  for await (const part of readParts(name, parts, session)) {
    session.signal.throwIfAborted();
    newTraces += storePart(part, store, session.now);
    runs += part.runs;
    namedRuns += part.namedRuns;
    problems.push(...part.problems);
  }
  return { runs, newTraces, namedRuns, problems };
}

/** The parts of a file; an error of reading it as a last one with its problem. */
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
    yield { readings: [], runs: 0, namedRuns: 0, bytes: 0, problems: [problem] };
  }
}

/** Stores what was measured, all or nothing; the number of traces that were not there yet. */
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

/** Stores runs of mtr, all or nothing. */
export function storeRuns(runs: readonly LocalRun[], store: Store, now: number): void {
  const table = createReadingTable();
  for (const run of runs) table.add(run);
  storePart({ readings: table.readings() }, store, now);
}

/** Several as one. */
export function sumIngestResults(results: readonly IngestResult[]): IngestResult {
  return {
    runs: results.reduce((sum, { runs }) => sum + runs, 0),
    newTraces: results.reduce((sum, { newTraces }) => sum + newTraces, 0),
    namedRuns: results.reduce((sum, { namedRuns }) => sum + namedRuns, 0),
    problems: results.flatMap(({ problems }) => problems),
  };
}
