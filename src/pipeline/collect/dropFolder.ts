import { globSync, type Stats, statSync } from 'node:fs';
import type { Config } from '../../config/load.ts';
import { systemCode } from '../../lib/files.ts';
import { version } from '../../lib/version.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { type IngestResult, ingest, localHostName, sumIngestResults } from './ingest.ts';

/** A file that was written to more recently may still grow. */
const minFileAgeSeconds = 5;

/**
 * Takes in the files that other hosts have sent, as the configuration names them. A file that has not changed since a run
 * took it in is left alone, so that a damaged one is told once.
 */
export async function ingestDropFolder(
  config: Config,
  store: Store,
  session: Session,
): Promise<IngestResult> {
  const signatures = computeSignatures(config);
  const ingested = store.ingestedFiles();
  const files = [...signatures.keys()].filter(
    (file) => ingested.get(file) !== signatures.get(file),
  );
  const result = await ingestFiles(files, config, store, session);
  if (files.length > 0 || signatures.size !== ingested.size) store.setIngestedFiles(signatures);
  return result;
}

async function ingestFiles(
  files: readonly string[],
  config: Config,
  store: Store,
  session: Session,
): Promise<IngestResult> {
  if (files.length === 0) return sumIngestResults([]);
  // Loaded where there is something to read, as in few runs: the readers are a fifth of the program.
  const { importFile } = await import('../../sources/mtr/importRuns.ts');
  const { toImportOptions } = await import('./importFiles.ts');
  const importOptions = toImportOptions(config, {}, session.now);
  const results: IngestResult[] = [];
  for (const file of files) {
    results.push(await ingest(file, importFile(file, importOptions), store, session));
  }
  const total = sumIngestResults(results);
  const { runs, newTraces, namedRuns } = total;
  session.log.info('files taken in', { files: files.length, runs, newTraces, namedRuns });
  return total;
}

/** Of every file at rest, what tells it from what it was: also another version, or name of this host, reads it in another way. */
function computeSignatures({ mtr }: Config): Map<string, string> {
  const readerVersion = `${version} ${localHostName(mtr)}`;
  const now = Date.now() / 1000;
  const signatures = new Map<string, string>();
  for (const file of globSync(mtr.importPatterns).sort()) {
    const stats = statFile(file);
    if (typeof stats === 'string') signatures.set(file, `${stats} ${readerVersion}`);
    if (typeof stats !== 'object') continue;
    if (!stats.isFile() || Math.abs(now - stats.mtimeMs / 1000) < minFileAgeSeconds) continue;
    // ctime: unlike mtime, nobody can set it, and it changes too when the file becomes readable.
    signatures.set(file, `${stats.size} ${stats.ctimeMs} ${readerVersion}`);
  }
  return signatures;
}

/**
 * A file; why it cannot even be looked at, as for a link that leads to itself, which reading it tells; nothing where another
 * process has taken it away meanwhile.
 */
function statFile(file: string): Stats | string | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    return code;
  }
}
