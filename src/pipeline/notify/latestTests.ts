import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../lib/atomicFile.ts';
import { fileFailure, systemCode } from '../../lib/files.ts';
import type { TestSummary } from '../../model/site/analysis.ts';

/** The state of every test at the end of a run. Times are epoch seconds. */
export interface LatestTests {
  readonly version: 1;
  readonly writtenAt: number;
  /** Without their routes. */
  readonly tests: readonly TestSummary[];
}

const latestFile = (state: string) => join(state, 'latest.json');

/**
 * Writes the summaries of a run next to the database. The files of the site may contain pseudonyms
 * instead, and computing the summaries again takes as long as a run.
 */
export function writeLatestTests(
  state: string,
  tests: readonly TestSummary[],
  writtenAt: number,
): void {
  const latest: LatestTests = {
    version: 1,
    writtenAt,
    tests: tests.map((summary) => ({ ...summary, route: [] })),
  };
  writePrivateFile(latestFile(state), JSON.stringify(latest));
}

/**
 * The summaries of the last run; null before the first run, and for a file that is damaged or of
 * another version. Throws an `ExpectedError` for an unreadable file.
 */
export function readLatestTests(state: string): LatestTests | null {
  try {
    const found: unknown = JSON.parse(readFileSync(latestFile(state), 'utf8'));
    return isLatestTests(found) ? found : null;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return null;
    throw fileFailure(error, 'cannot read the state of the tests', latestFile(state));
  }
}

function isLatestTests(value: unknown): value is LatestTests {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}
