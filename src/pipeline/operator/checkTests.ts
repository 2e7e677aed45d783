import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { UsageError } from '../../lib/usageError.ts';
import type { Incident } from '../../model/incident.ts';
import { groupNamesOf, matchesTest } from '../../model/selection.ts';
import type { Silence } from '../../model/silence.ts';
import type { Test } from '../../model/test.ts';
import { type NagiosCheckResult, nagiosCheck } from '../../notify/monitoring/nagiosCheck.ts';
import { isSilencedNow } from '../../notify/routing/silences.ts';
import type { Store } from '../../store/store.ts';
import { readLatestTests } from '../notify/latestTests.ts';
import type { Session } from '../session.ts';
import { allSilences } from '../silences.ts';
import { withStore } from '../stateLock.ts';
import { parsePattern } from './learn.ts';

/** Longest age of the last run by default, seconds. */
const defaultMaxAgeSeconds = 2 * 3600;

/**
 * `pstrace check`: prints how the tests stand that a pattern selects (null: all) as a plugin for Nagios and Icinga does. The exit
 * code is that of such a plugin, 3 for whatever keeps it from knowing.
 */
export async function checkTests(
  pattern: string | null,
  maxAgeSeconds: number | undefined,
  config: Config,
  session: Session,
): Promise<NagiosCheckResult['code']> {
  const { code, output } = await computeResult(
    pattern,
    maxAgeSeconds ?? defaultMaxAgeSeconds,
    config,
    session,
  );
  session.print(output);
  return code;
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
    return nagiosCheck({ ...checkContext, tests, incidents: [...new Set(incidents)], silenced });
  });
}

interface SilenceContext {
  readonly store: Store;
  readonly silences: readonly Silence[];
  readonly config: Pick<Config, 'groups'>;
  readonly now: number;
}

/** A change that lasts, as part of its incident. */
interface OpenChange {
  readonly incident: Incident;
  readonly testId: string;
  readonly isSilenced: boolean;
}

function openChanges(
  ids: ReadonlySet<string>,
  tests: ReadonlyMap<string, Test>,
  { store, silences, config, now }: SilenceContext,
): OpenChange[] {
  return store.incidents.active().flatMap(({ incident }) => {
    const openMembers = incident.members.filter(
      ({ testId, closedAt }) => closedAt === null && ids.has(testId),
    );
    if (openMembers.length === 0) return [];
    const changes = new Map(
      store.changes.ofIncident(incident.id).map(({ change }) => [change.id, change]),
    );
    return openMembers.flatMap(({ changeId, testId }): OpenChange[] => {
      const change = changes.get(changeId);
      const test = tests.get(testId);
      if (change === undefined || test === undefined) return [];
      const subject = { change, test, suspect: incident.suspect, closedAt: null };
      return [
        { incident, testId, isSilenced: isSilencedNow(subject, silences, config.groups, now) },
      ];
    });
  });
}

/** Whether a test as a whole is silenced, or all that has happened to it. */
function isTestSilenced(
  test: Test,
  open: readonly OpenChange[],
  { silences, config, now }: SilenceContext,
): boolean {
  const testChanges = open.filter(({ testId }) => testId === test.id);
  if (testChanges.length > 0 && testChanges.every(({ isSilenced }) => isSilenced)) return true;
  const groups = groupNamesOf(test, config.groups);
  return silences.some(
    (silence) =>
      silence.from <= now &&
      now < silence.until &&
      silence.classes.length === 0 &&
      silence.elements.length === 0 &&
      (silence.tests.length === 0 || silence.tests.some((each) => matchesTest(each, test))) &&
      (silence.groups.length === 0 || silence.groups.some((name) => groups.includes(name))),
  );
}

/** What a plugin says when it fails: 3, with the reason, in place of an exit code that means something else there. */
export function unknownResult(error: unknown): NagiosCheckResult | null {
  if (!(error instanceof UsageError || error instanceof ExpectedError)) return null;
  const text = error.message.replaceAll(/[|\n]/g, ' ');
  return { code: 3, output: `PSTRACE UNKNOWN - ${text}` };
}
