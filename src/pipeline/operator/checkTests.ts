import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { UsageError } from '../../lib/usageError.ts';
import { matchesTest } from '../../model/selection.ts';
import { hourSeconds } from '../../model/time.ts';
import { type NagiosCheckResult, nagiosCheck } from '../../notify/monitoring/nagiosCheck.ts';
import { readLatestTests } from '../notify/latestTests.ts';
import type { Session } from '../session.ts';
import { allSilences } from '../silences.ts';
import { withStore } from '../stateLock.ts';
import { isTestSilenced, openChanges, withAcceptances } from './openChanges.ts';
import { parsePattern } from './parsePattern.ts';

/** Default for the maximum age of the last run, seconds. */
const defaultMaxAgeSeconds = 2 * hourSeconds;

/**
 * Prints the state of the tests that a pattern selects (null: all) as a Nagios plugin does, and
 * returns the exit code of such a plugin: 3 for every expected error, also of `loadConfig`.
 */
export async function checkTests(
  pattern: string | null,
  maxAgeSeconds: number | undefined,
  loadConfig: () => Promise<Config>,
  session: Session,
): Promise<NagiosCheckResult['code']> {
  const maxAge = maxAgeSeconds ?? defaultMaxAgeSeconds;
  const { code, output } = await loadConfig()
    .then((config) => computeResult(pattern, maxAge, config, session))
    .catch(unknownResult);
  session.print(output);
  return code;
}

/** The result for an expected error. Throws any other error again. */
function unknownResult(error: unknown): NagiosCheckResult {
  if (!(error instanceof UsageError || error instanceof ExpectedError)) throw error;
  return { code: 3, output: `PSTRACE UNKNOWN - ${error.message.replaceAll(/[|\n]/g, ' ')}` };
}

async function computeResult(
  patternText: string | null,
  longestRunAgeSeconds: number,
  config: Config,
  session: Session,
): Promise<NagiosCheckResult> {
  const pattern = patternText === null ? null : parsePattern(patternText);
  const latest = readLatestTests(config.state);
  const latestTests = latest?.tests ?? [];
  const tests =
    pattern === null ? latestTests : latestTests.filter(({ test }) => matchesTest(pattern, test));
  const ids = new Set(tests.map(({ test }) => test.id));
  const checkContext = {
    now: session.now,
    lastRunAt: latest?.writtenAt ?? null,
    longestRunAgeSeconds,
  };
  if (tests.length === 0)
    return nagiosCheck({ ...checkContext, tests, incidents: [], silenced: new Set() });
  return withStore(config.state, session, 'read', async (store) => {
    const silences = allSilences(store, config, session.now);
    const silenceContext = { store, silences, config, now: session.now };
    const open = openChanges(
      ids,
      new Map(tests.map(({ test }) => [test.id, test])),
      silenceContext,
    );
    const silenced = new Set(
      tests
        .map(({ test }) => test)
        .filter((test) => isTestSilenced(test, open, silenceContext))
        .map(({ id }) => id),
    );
    const incidents = open.filter(({ isSilenced }) => !isSilenced).map(({ incident }) => incident);
    const current = withAcceptances(tests, open, store);
    const shown = [...new Set(incidents)];
    return nagiosCheck({ ...checkContext, tests: current, incidents: shown, silenced });
  });
}
