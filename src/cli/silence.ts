import { randomBytes } from 'node:crypto';
import type { Config } from '../config/load.ts';
import { elementPattern } from '../config/patterns.ts';
import { duration } from '../lib/duration.ts';
import { cleanText } from '../lib/text.ts';
import { selects } from '../model/selection.ts';
import type { Silence } from '../model/silence.ts';
import { counted, utcTime } from '../notify/format.ts';
import { maintenanceSilences } from '../notify/maintenance.ts';
import type { SilenceListOptions, SilenceOptions } from './alertOptions.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { readPattern } from './learn.ts';
import { nameOfPerson } from './person.ts';
import { usage } from './refusal.ts';
import type { Session } from './session.ts';
import { withStore } from './state.ts';

const longestReason = 300;

/** `pstrace silence add`: keeps a silence from now on, and says what it is called. Throws a `Refusal` for what cannot be meant. */
export function addSilence(
  options: SilenceOptions,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const silence = silenceOf(options, config, session.now);
  return withStore(config.state, session, 'read', async (store) => {
    const tests = store.tests();
    for (const pattern of silence.tests) {
      if (!tests.some((test) => selects(pattern, test)))
        session.log.warn(`no stored test fits "${pattern}"; the silence is kept all the same`);
    }
    store.silences.add(silence);
    session.say(lineOf(silence));
    return exitCodes.good;
  });
}

function silenceOf(options: SilenceOptions, { groups }: Config, now: number): Silence {
  const { test = [], group = [], element = [], class: classes = [] } = options;
  if ([test, group, element, classes].every((each) => each.length === 0)) {
    throw usage(
      'Nothing is named that should be silent.',
      'Give --test, --group, --element or --class; for everything: --test "*".',
    );
  }
  const unknown = group.find((name) => !groups.some((each) => each.name === name));
  if (unknown !== undefined) {
    const known = groups.map(({ name }) => name).join(', ');
    throw usage(
      `There is no group ${unknown}.`,
      known === '' ? 'The configuration has no [[group]].' : `The configuration knows: ${known}.`,
    );
  }
  const reason = cleanText(options.reason, longestReason);
  if (reason === null) throw usage('The reason is empty.', 'Say why, for whoever reads the pages.');
  return {
    id: randomBytes(4).toString('hex'),
    from: now,
    until: endOf(options, now),
    reason,
    by: nameOfPerson(),
    tests: test.map(readPattern),
    groups: group,
    elements: element.map(readElement),
    classes,
  };
}

function endOf({ for: length, until }: SilenceOptions, now: number): number {
  if (length !== undefined) return now + length;
  if (until === undefined) {
    throw usage('The silence has no end.', 'Give --for, as in --for 8h, or --until.');
  }
  if (until <= now) throw usage(`--until ${utcTime(until)} is over.`);
  return until;
}

function readElement(written: string): string {
  const element = elementPattern(written);
  if (element === null) throw usage(`${JSON.stringify(written)} is no prefix.`);
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
    const kept = all
      ? store.silences.list()
      : store.silences.list().filter(({ until }) => until > session.now);
    const shown = [...kept, ...planned.filter(({ until }) => until > session.now)];
    for (const silence of shown) session.say(lineOf(silence, session.now));
    if (shown.length === 0) session.tell('nothing is silenced');
    return exitCodes.good;
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
    const wanted = ids.map((id) => onlyOne(id, known));
    store.transaction(() => {
      for (const { id } of wanted) store.silences.remove(id);
    });
    session.tell(`${counted(wanted.length, 'silence')} removed`);
    return exitCodes.good;
  });
}

function onlyOne(id: string, known: readonly Silence[]): Silence {
  const fitting = known.filter((each) => each.id.startsWith(id));
  const [found] = fitting;
  if (found === undefined || id === '')
    throw usage(`There is no silence ${id}.`, 'pstrace silence list --all tells them.');
  if (fitting.length > 1)
    throw usage(`${fitting.length} silences begin with ${id}.`, 'Give more of the id.');
  return found;
}

/** `1f0c2a3b  until 2026-11-20 18:00 UTC (in 3 h)  tests a > b; classes loss  "Works", by alice`. */
function lineOf(silence: Silence, now: number | null = null): string {
  const { id, from, until, by, reason, tests, groups, elements, classes } = silence;
  const about = Object.entries({ tests, groups, elements, classes })
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name} ${values.join(', ')}`);
  const left = now === null ? '' : until > now ? ` (${duration(until - now)} left)` : ' (over)';
  const begin = now !== null && from > now ? `from ${utcTime(from)} ` : '';
  return [
    id,
    `${begin}until ${utcTime(until)}${left}`,
    about.length === 0 ? 'everything' : about.join('; '),
    `"${reason}"${by === null ? '' : `, by ${by}`}`,
  ].join('  ');
}
