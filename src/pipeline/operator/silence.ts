import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/load.ts';
import { parseElementPattern } from '../../config/patterns.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { cleanText } from '../../lib/text.ts';
import { usageError } from '../../lib/usageError.ts';
import { formatDuration, pluralize, utcTime } from '../../model/format.ts';
import { matchesTest } from '../../model/selection.ts';
import type { Silence } from '../../model/silence.ts';
import { maintenanceSilences } from '../../notify/routing/maintenance.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { type ItemWords, onlyMatch } from './onlyMatch.ts';
import { parsePattern } from './parsePattern.ts';

const maxReasonLength = 300;

const silenceWords: ItemWords = {
  noun: 'silence',
  code: 'id',
  listCommand: 'pstrace silence list --all',
};

/** A requested silence. */
export interface SilenceRequest extends Pick<Silence, 'tests' | 'groups' | 'elements' | 'classes'> {
  /** Duration; null if `until` gives the end. */
  readonly forSeconds: number | null;
  /** End in epoch seconds; null if `forSeconds` gives the duration. */
  readonly until: number | null;
  readonly reason: string;
}

/**
 * Stores a silence that begins now and prints its id. Throws a `UsageError` for an impossible
 * request.
 */
export function addSilence(
  request: SilenceRequest,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const silence = buildSilence(request, config, session);
  return withStore(config.state, session, 'read', async (store) => {
    const tests = store.tests();
    for (const pattern of silence.tests) {
      if (!tests.some((test) => matchesTest(pattern, test)))
        session.log.warn(`no stored test matches "${pattern}"; the silence is stored anyway`);
    }
    store.silences.add(silence);
    session.print(silenceLine(silence));
    return exitCodes.ok;
  });
}

function buildSilence(
  request: SilenceRequest,
  { groups: known }: Config,
  session: Session,
): Silence {
  const { now, env } = session;
  const { tests, groups, elements, classes } = request;
  if ([tests, groups, elements, classes].every((each) => each.length === 0)) {
    throw usageError(
      'Specify at least one test, group, element or class.',
      'Use --test, --group, --element or --class; for everything: --test "*".',
    );
  }
  const unknown = groups.find((name) => !known.some((group) => group.name === name));
  if (unknown !== undefined) {
    const names = known.map(({ name }) => name).join(', ');
    throw usageError(
      `There is no group ${unknown}.`,
      names === '' ? 'The configuration has no [[group]].' : `The configuration has: ${names}.`,
    );
  }
  const reason = cleanText(request.reason, maxReasonLength);
  if (reason === null)
    throw usageError('The reason is empty.', 'Give a reason; the pages show it.');
  return {
    id: randomBytes(4).toString('hex'),
    from: now,
    until: silenceEnd(request, now),
    reason,
    by: currentUserName(env),
    tests: tests.map(parsePattern),
    groups,
    elements: elements.map(parseElement),
    classes,
  };
}

function silenceEnd({ forSeconds, until }: SilenceRequest, now: number): number {
  if (forSeconds !== null) return now + forSeconds;
  if (until === null) {
    throw usageError('The silence has no end.', 'Specify --for, as in --for 8h, or --until.');
  }
  if (until <= now) throw usageError(`--until ${utcTime(until)} is in the past.`);
  return until;
}

function parseElement(text: string): string {
  const element = parseElementPattern(text);
  if (element === null) throw usageError(`${JSON.stringify(text)} is not a prefix.`);
  return element;
}

/**
 * Prints the silences in force and to come, with maintenance windows; `all` adds those that ended.
 */
export function listSilences(
  all: boolean,
  { state, alerts }: Config,
  session: Session,
): Promise<ExitCode> {
  return withStore(state, session, 'read', async (store) => {
    const planned = maintenanceSilences(alerts?.maintenance ?? [], session.now);
    const stored = all
      ? store.silences.list()
      : store.silences.list().filter(({ until }) => until > session.now);
    const shown = [...stored, ...planned.filter(({ until }) => until > session.now)];
    for (const silence of shown) session.print(silenceLine(silence, session.now));
    if (shown.length === 0) session.printIfInteractive('no silences');
    return exitCodes.ok;
  });
}

/** Ends silences at once. An id may be cut short if it stays unique. Throws a `UsageError`. */
export function removeSilences(
  ids: readonly string[],
  { state }: Config,
  session: Session,
): Promise<ExitCode> {
  return withStore(state, session, 'read', async (store) => {
    const known = store.silences.list();
    const wanted = ids.map((id) => {
      const matching = known.filter((each) => each.id.startsWith(id));
      return onlyMatch(id, matching, silenceWords);
    });
    store.transaction(() => {
      for (const { id } of wanted) store.silences.remove(id);
    });
    session.printIfInteractive(`${pluralize(wanted.length, 'silence')} removed`);
    return exitCodes.ok;
  });
}

/**
 * `1f0c2a3b  until 2026-11-20 18:00 UTC (in 3 h)  tests a > b; classes loss  "Works", by alice`.
 */
function silenceLine(silence: Silence, now: number | null = null): string {
  const { id, from, until, by, reason, tests, groups, elements, classes } = silence;
  const selectionText = Object.entries({ tests, groups, elements, classes })
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name} ${values.join(', ')}`);
  const remainingText =
    now === null ? '' : until > now ? ` (${formatDuration(until - now)} left)` : ' (ended)';
  const startText = now !== null && from > now ? `from ${utcTime(from)} ` : '';
  return [
    id,
    `${startText}until ${utcTime(until)}${remainingText}`,
    selectionText.length === 0 ? 'everything' : selectionText.join('; '),
    `"${reason}"${by === null ? '' : `, by ${by}`}`,
  ].join('  ');
}
