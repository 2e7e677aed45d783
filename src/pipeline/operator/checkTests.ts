import type { Config } from '../../config/load.ts';
import { matchesTest } from '../../model/test/selection.ts';
import { hourSeconds } from '../../model/values/time.ts';
import {
  type CheckFilter,
  type NagiosCheckResult,
  nagiosCheck,
} from '../../notify/monitoring/nagiosCheck.ts';
import { readLatestTests } from '../notify/latestTests.ts';
import type { Session } from '../session.ts';
import { allSilences } from '../silences.ts';
import { withStore } from '../stateLock.ts';
import { isTestSilenced, openChanges, withAcceptances } from './openChanges.ts';
import { describeIncident } from './openIncidents.ts';
import { parsePattern } from './parsePattern.ts';
import { unknownResult } from './pluginResult.ts';

/** The age of the last run at most, seconds, and the problems that count. */
export interface CheckRequest {
  readonly maxAgeSeconds?: number | undefined;
  readonly filter: CheckFilter;
}

/** Default for the maximum age of the last run, seconds. */
const defaultMaxAgeSeconds = 2 * hourSeconds;

/**
 * Prints the state of the tests that a pattern selects (null: all) as a Nagios plugin does, and
 * returns the exit code of such a plugin: 3 for every expected error, also of `loadConfig`.
 */
export async function checkTests(
  pattern: string | null,
  request: CheckRequest,
  loadConfig: () => Promise<Config>,
  session: Session,
): Promise<NagiosCheckResult['code']> {
  const { code, output } = await loadConfig()
    .then((config) => computeResult(pattern, request, config, session))
    .catch(unknownResult);
  session.print(output);
  return code;
}

async function computeResult(
  patternText: string | null,
  { maxAgeSeconds: longestRunAgeSeconds = defaultMaxAgeSeconds, filter }: CheckRequest,
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
    filter,
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
    const shown = [...new Set(incidents)].map((incident) => describeIncident(incident, store));
    const current = withAcceptances(tests, open, store);
    return nagiosCheck({ ...checkContext, tests: current, incidents: shown, silenced });
  });
}
