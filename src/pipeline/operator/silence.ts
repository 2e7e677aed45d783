import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Silence } from '../../model/alerting/silence.ts';
import { matchesTest } from '../../model/test/selection.ts';
import { formatDuration, pluralize, utcTime } from '../../model/values/format.ts';
import { maintenanceSilences } from '../../notify/routing/maintenance.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { buildSilence, type SilenceRequest } from './buildSilence.ts';
import { type ItemWords, onlyMatch } from './onlyMatch.ts';
import { withTrustedStore } from './withTrustedStore.ts';

const silenceWords: ItemWords = {
  noun: 'silence',
  code: 'id',
  listCommand: 'pstrace silence list --all',
};

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
  return withTrustedStore(config.state, session, async (store) => {
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
