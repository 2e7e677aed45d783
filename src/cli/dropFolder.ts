import { globSync, type Stats, statSync } from 'node:fs';
import type { Config } from '../config/load.ts';
import { systemCode } from '../lib/files.ts';
import { version } from '../lib/version.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';
import { nameOfThisHost, sumOf, type TakenIn, takeIn } from './takeIn.ts';

/** A file that was written to more recently may still grow. */
const restSeconds = 5;

/**
 * Takes in the files that other hosts have sent, as the configuration names them. A file that has not changed since a run
 * took it in is left alone, so that a damaged one is told once.
 */
export async function takeDropped(
  config: Config,
  store: Store,
  session: Session,
): Promise<TakenIn> {
  const marks = marksOf(config);
  const known = store.takenFiles();
  const files = [...marks.keys()].filter((file) => known.get(file) !== marks.get(file));
  const taken = await takeFiles(files, config, store, session);
  if (files.length > 0 || marks.size !== known.size) store.setTakenFiles(marks);
  return taken;
}

async function takeFiles(
  files: readonly string[],
  config: Config,
  store: Store,
  session: Session,
): Promise<TakenIn> {
  if (files.length === 0) return sumOf([]);
  // Loaded where there is something to read, as in few runs: the readers are a fifth of the program.
  const { importFile } = await import('../sources/mtr/importRuns.ts');
  const { importFacts } = await import('./importFiles.ts');
  const facts = importFacts(config, {}, session.now);
  const taken: TakenIn[] = [];
  for (const file of files) {
    taken.push(await takeIn(file, importFile(file, facts), store, session));
  }
  const sum = sumOf(taken);
  const { runs, newTraces, namedRuns } = sum;
  session.log.info('files taken in', { files: files.length, runs, newTraces, namedRuns });
  return sum;
}

/** Of every file at rest, what tells it from what it was: also another version, or name of this host, reads it in another way. */
function marksOf({ mtr }: Config): Map<string, string> {
  const how = `${version} ${nameOfThisHost(mtr)}`;
  const now = Date.now() / 1000;
  const marks = new Map<string, string>();
  for (const file of globSync(mtr.importPatterns).sort()) {
    const found = lookAt(file);
    if (typeof found === 'string') marks.set(file, `${found} ${how}`);
    if (typeof found !== 'object') continue;
    if (!found.isFile() || Math.abs(now - found.mtimeMs / 1000) < restSeconds) continue;
    // ctime: unlike mtime, nobody can set it, and it changes too when the file becomes readable.
    marks.set(file, `${found.size} ${found.ctimeMs} ${how}`);
  }
  return marks;
}

/**
 * A file; why it cannot even be looked at, as for a link that leads to itself, which reading it tells; nothing where another
 * process has taken it away meanwhile.
 */
function lookAt(file: string): Stats | string | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    return code;
  }
}
