import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../lib/atomicFile.ts';
import { fileFailure, systemCode } from '../../lib/files.ts';
import type { TestSummary } from '../../model/analysis.ts';

/** How every test stood when a run ended, for those who ask in between. Times are epoch seconds. */
export interface LatestTests {
  readonly version: 1;
  readonly writtenAt: number;
  /** Without their routes. */
  readonly tests: readonly TestSummary[];
}

const latestFile = (state: string) => join(state, 'latest.json');

/** Keeps the summaries of a run beside the database: the site may hold pseudonyms, and to work them out anew takes as long as a run. */
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

/** What the last run kept; null before the first one, and when another version or nobody wrote what is there. Throws `ExpectedError`. */
export function readLatestTests(state: string): LatestTests | null {
  try {
    const found: unknown = JSON.parse(readFileSync(latestFile(state), 'utf8'));
    return isLatestTests(found) ? found : null;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return null;
    throw fileFailure(error, 'cannot read how the tests stand', latestFile(state));
  }
}

function isLatestTests(value: unknown): value is LatestTests {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}
