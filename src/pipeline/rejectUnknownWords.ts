import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/load.ts';
import { systemCode } from '../lib/files.ts';
import { raceWithAbort } from '../lib/interrupt.ts';
import { usageError } from '../lib/usageError.ts';
import { archiveId } from '../sources/archives.ts';
import { allRunsLimit } from './runRecord.ts';
import type { Session } from './session.ts';
import { withStore } from './stateLock.ts';

/**
 * Throws a `UsageError` for a word on the command line that is neither a command nor a host: it has
 * no dot, colon or slash, this host finds no address for it, and neither the configuration nor an
 * earlier run knows it as an archive. As the name of an archive, it would mark the pages as out of
 * date. Behind a proxy, which may know the name, every word passes.
 */
export async function rejectUnknownWords(
  operands: readonly string[],
  config: Pick<Config, 'archives' | 'state'>,
  session: Session,
): Promise<void> {
  const words = operands.filter((operand) => !/[.:/]/.test(operand));
  if (words.length === 0 || hasProxy(session.env)) return;
  const unresolved = await Promise.all(
    words.map(async (word) => ((await hasAddress(word, session.signal)) ? [] : [word])),
  );
  for (const word of unresolved.flat()) {
    if (await isKnownArchive(word, config, session)) continue;
    throw usageError(
      `${word} is neither a command nor the name of a host.`,
      "See 'pstrace --help' for the commands; give an archive by its full name.",
    );
  }
}

function hasProxy(env: Session['env']): boolean {
  return Object.entries(env).some(([name, value]) => /^https?_proxy$/i.test(name) && value);
}

/** false only if the resolver responds that there is none. */
async function hasAddress(word: string, signal: AbortSignal): Promise<boolean> {
  try {
    await raceWithAbort(lookup(word), signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return systemCode(error) !== 'ENOTFOUND';
  }
}

async function isKnownArchive(
  word: string,
  { archives, state }: Pick<Config, 'archives' | 'state'>,
  session: Session,
): Promise<boolean> {
  const id = archiveId(word);
  if (archives.some(({ url }) => archiveId(url) === id)) return true;
  if (!existsSync(join(state, 'pstrace.db'))) return false;
  return withStore(state, session, 'read', async (store) =>
    store
      .runs(allRunsLimit)
      .some((run) => run.archives.some((each) => each.archive === id && each.ok)),
  );
}
