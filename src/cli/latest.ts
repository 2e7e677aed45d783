import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileFailure, systemCode } from '../lib/files.ts';
import { writePrivateFile } from '../lib/wholeFile.ts';
import type { TestSummary } from '../model/analysis.ts';

/** How every test stood when a run ended, for those who ask in between. Times are epoch seconds. */
export interface Latest {
  readonly version: 1;
  readonly writtenAt: number;
  /** Without their routes. */
  readonly tests: readonly TestSummary[];
}

const nameOf = (state: string) => join(state, 'latest.json');

/** Keeps the summaries of a run beside the database: the site may hold pseudonyms, and to work them out anew takes as long as a run. */
export function keepLatest(state: string, tests: readonly TestSummary[], writtenAt: number): void {
  const latest: Latest = {
    version: 1,
    writtenAt,
    tests: tests.map((summary) => ({ ...summary, route: [] })),
  };
  writePrivateFile(nameOf(state), JSON.stringify(latest));
}

/** What the last run kept; null before the first one, and when another version or nobody wrote what is there. Throws `ExpectedError`. */
export function readLatest(state: string): Latest | null {
  try {
    const found: unknown = JSON.parse(readFileSync(nameOf(state), 'utf8'));
    return isLatest(found) ? found : null;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return null;
    throw fileFailure(error, 'cannot read how the tests stand', nameOf(state));
  }
}

function isLatest(found: unknown): found is Latest {
  return typeof found === 'object' && found !== null && 'version' in found && found.version === 1;
}
