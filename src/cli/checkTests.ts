import type { Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Incident } from '../model/incident.ts';
import { groupsOf, selects } from '../model/selection.ts';
import type { Silence } from '../model/silence.ts';
import type { Test } from '../model/test.ts';
import { type CheckResult, check } from '../notify/check.ts';
import { isMuted } from '../notify/silences.ts';
import type { Store } from '../store/store.ts';
import { readLatest } from './latest.ts';
import { readPattern } from './learn.ts';
import { allSilences } from './meshChanges.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './session.ts';
import { withStore } from './state.ts';

/** Longest age of the last run by default, seconds. */
const usualMaxAge = 2 * 3600;

/**
 * `pstrace check`: prints how the tests stand that a pattern selects (null: all) as a plugin for Nagios and Icinga does. The exit
 * code is that of such a plugin, 3 for whatever keeps it from knowing.
 */
export async function checkTests(
  pattern: string | null,
  maxAgeSeconds: number | undefined,
  config: Config,
  session: Session,
): Promise<CheckResult['code']> {
  const { code, output } = await resultOf(pattern, maxAgeSeconds ?? usualMaxAge, config, session);
  session.say(output);
  return code;
}

async function resultOf(
  written: string | null,
  longestRunAgeSeconds: number,
  config: Config,
  session: Session,
): Promise<CheckResult> {
  const pattern = written === null ? null : readPattern(written);
  const latest = readLatest(config.state);
  const known = latest?.tests ?? [];
  const tests = pattern === null ? known : known.filter(({ test }) => selects(pattern, test));
  const ids = new Set(tests.map(({ test }) => test.id));
  const about = { now: session.now, lastRunAt: latest?.writtenAt ?? null, longestRunAgeSeconds };
  if (tests.length === 0) return check({ ...about, tests, incidents: [], silenced: new Set() });
  return withStore(config.state, session, 'read', async (store) => {
    const silences = allSilences(store, config, session.now);
    const heard = { store, silences, config, now: session.now };
    const open = openChanges(ids, new Map(tests.map(({ test }) => [test.id, test])), heard);
    const silenced = new Set(
      tests
        .map(({ test }) => test)
        .filter((test) => isSilenced(test, open, heard))
        .map(({ id }) => id),
    );
    const incidents = open.filter(({ muted }) => !muted).map(({ incident }) => incident);
    return check({ ...about, tests, incidents: [...new Set(incidents)], silenced });
  });
}

interface Hearing {
  readonly store: Store;
  readonly silences: readonly Silence[];
  readonly config: Pick<Config, 'groups'>;
  readonly now: number;
}

/** A change that lasts, as part of its incident. */
interface OpenChange {
  readonly incident: Incident;
  readonly testId: string;
  readonly muted: boolean;
}

function openChanges(
  ids: ReadonlySet<string>,
  tests: ReadonlyMap<string, Test>,
  { store, silences, config, now }: Hearing,
): OpenChange[] {
  return store.incidents.active().flatMap(({ incident }) => {
    const lasting = incident.members.filter(
      ({ testId, closedAt }) => closedAt === null && ids.has(testId),
    );
    if (lasting.length === 0) return [];
    const changes = new Map(
      store.changes.ofIncident(incident.id).map(({ change }) => [change.id, change]),
    );
    return lasting.flatMap(({ changeId, testId }): OpenChange[] => {
      const change = changes.get(changeId);
      const test = tests.get(testId);
      if (change === undefined || test === undefined) return [];
      const subject = { change, test, suspect: incident.suspect, closedAt: null };
      return [{ incident, testId, muted: isMuted(subject, silences, config.groups, now) }];
    });
  });
}

/** Whether a test as a whole is silenced, or all that has happened to it. */
function isSilenced(
  test: Test,
  open: readonly OpenChange[],
  { silences, config, now }: Hearing,
): boolean {
  const own = open.filter(({ testId }) => testId === test.id);
  if (own.length > 0 && own.every(({ muted }) => muted)) return true;
  const groups = groupsOf(test, config.groups);
  return silences.some(
    (silence) =>
      silence.from <= now &&
      now < silence.until &&
      silence.classes.length === 0 &&
      silence.elements.length === 0 &&
      (silence.tests.length === 0 || silence.tests.some((each) => selects(each, test))) &&
      (silence.groups.length === 0 || silence.groups.some((name) => groups.includes(name))),
  );
}

/** What a plugin says when it fails: 3, with the reason, in place of an exit code that means something else there. */
export function unknownOf(error: unknown): CheckResult | null {
  if (!(error instanceof Refusal || error instanceof ExpectedError)) return null;
  const text = error.message.replaceAll(/[|\n]/g, ' ');
  return { code: 3, output: `PSTRACE UNKNOWN - ${text}` };
}
