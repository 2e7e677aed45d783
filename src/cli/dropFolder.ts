import { globSync, statSync } from 'node:fs';
import type { Config } from '../config/load.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';
import { sumOf, type TakenIn, takeIn } from './takeIn.ts';

/** A file that was written to more recently may still grow. */
const restSeconds = 5;

/** Takes in the files that other hosts have sent, as the configuration names them. */
export async function takeDropped(
  config: Config,
  store: Store,
  session: Session,
): Promise<TakenIn> {
  const found = globSync(config.mtr.importPatterns).sort();
  const files = found.filter((file) => isAtRest(file, Date.now() / 1000));
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

/** A file; one that has been taken away meanwhile is none. */
function isAtRest(file: string, now: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && Math.abs(now - found.mtimeMs / 1000) >= restSeconds;
}
