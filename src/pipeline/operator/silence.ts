import { randomBytes } from 'node:crypto';
import type { SilenceListOptions, SilenceOptions } from '../../cli/alertOptions.ts';
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
import { parsePattern } from './learn.ts';

const maxReasonLength = 300;

/** `pstrace silence add`: keeps a silence from now on, and says what it is called. Throws a `Refusal` for what cannot be meant. */
export function addSilence(
  options: SilenceOptions,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const silence = buildSilence(options, config, session.now);
  return withStore(config.state, session, 'read', async (store) => {
    const tests = store.tests();
    for (const pattern of silence.tests) {
      if (!tests.some((test) => matchesTest(pattern, test)))
        session.log.warn(`no stored test fits "${pattern}"; the silence is kept all the same`);
    }
    store.silences.add(silence);
    session.print(silenceLine(silence));
    return exitCodes.ok;
  });
}

function buildSilence(options: SilenceOptions, { groups }: Config, now: number): Silence {
  const { test = [], group = [], element = [], class: classes = [] } = options;
  if ([test, group, element, classes].every((each) => each.length === 0)) {
    throw usageError(
      'Nothing is named that should be silent.',
      'Give --test, --group, --element or --class; for everything: --test "*".',
    );
  }
  const unknown = group.find((name) => !groups.some((each) => each.name === name));
  if (unknown !== undefined) {
    const known = groups.map(({ name }) => name).join(', ');
    throw usageError(
      `There is no group ${unknown}.`,
      known === '' ? 'The configuration has no [[group]].' : `The configuration knows: ${known}.`,
    );
  }
  const reason = cleanText(options.reason, maxReasonLength);
  if (reason === null)
    throw usageError('The reason is empty.', 'Say why, for whoever reads the pages.');
  return {
    id: randomBytes(4).toString('hex'),
    from: now,
    until: silenceEnd(options, now),
    reason,
    by: currentUserName(),
    tests: test.map(parsePattern),
    groups: group,
    elements: element.map(parseElement),
    classes,
  };
}

function silenceEnd({ for: durationSeconds, until }: SilenceOptions, now: number): number {
  if (durationSeconds !== undefined) return now + durationSeconds;
  if (until === undefined) {
    throw usageError('The silence has no end.', 'Give --for, as in --for 8h, or --until.');
  }
  if (until <= now) throw usageError(`--until ${utcTime(until)} is over.`);
  return until;
}

function parseElement(text: string): string {
  const element = parseElementPattern(text);
  if (element === null) throw usageError(`${JSON.stringify(text)} is no prefix.`);
  return element;
}

/**
 * `pstrace silence list`: those in force and those to come, maintenance of the configuration among them; all that are kept
 * with --all.
 */
export function listSilences(
  { all = false }: SilenceListOptions,
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
    if (shown.length === 0) session.printIfInteractive('nothing is silenced');
    return exitCodes.ok;
  });
}

/** `pstrace silence remove ID...`: ends silences at once; a beginning of an id will do where it is the only one. */
export function removeSilences(
  ids: readonly string[],
  { state }: Config,
  session: Session,
): Promise<ExitCode> {
  return withStore(state, session, 'read', async (store) => {
    const known = store.silences.list();
    const wanted = ids.map((id) => findSilence(id, known));
    store.transaction(() => {
      for (const { id } of wanted) store.silences.remove(id);
    });
    session.printIfInteractive(`${pluralize(wanted.length, 'silence')} removed`);
    return exitCodes.ok;
  });
}

function findSilence(id: string, known: readonly Silence[]): Silence {
  const matching = known.filter((each) => each.id.startsWith(id));
  const [found] = matching;
  if (found === undefined || id === '')
    throw usageError(`There is no silence ${id}.`, 'pstrace silence list --all tells them.');
  if (matching.length > 1)
    throw usageError(`${matching.length} silences begin with ${id}.`, 'Give more of the id.');
  return found;
}

/** `1f0c2a3b  until 2026-11-20 18:00 UTC (in 3 h)  tests a > b; classes loss  "Works", by alice`. */
function silenceLine(silence: Silence, now: number | null = null): string {
  const { id, from, until, by, reason, tests, groups, elements, classes } = silence;
  const selectionText = Object.entries({ tests, groups, elements, classes })
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name} ${values.join(', ')}`);
  const remainingText =
    now === null ? '' : until > now ? ` (${formatDuration(until - now)} left)` : ' (over)';
  const startText = now !== null && from > now ? `from ${utcTime(from)} ` : '';
  return [
    id,
    `${startText}until ${utcTime(until)}${remainingText}`,
    selectionText.length === 0 ? 'everything' : selectionText.join('; '),
    `"${reason}"${by === null ? '' : `, by ${by}`}`,
  ].join('  ');
}
