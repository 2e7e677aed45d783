import { globSync, type Stats, statSync } from 'node:fs';
import type { Config } from '../../config/load.ts';
import { systemCode } from '../../lib/files.ts';
import { version } from '../../lib/version.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { type IngestResult, ingest, localHostName, sumIngestResults } from './ingest.ts';

/** A file changed more recently may be incomplete. */
const minFileAgeSeconds = 5;

/**
 * Imports the files that match the patterns of the configuration. Skips files that have not changed
 * since their last import, so that a damaged file is reported once.
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
  // Loaded on demand: few runs have files, and the readers are a fifth of the program.
  const { importFile } = await import('../../sources/mtr/importRuns.ts');
  const { toImportOptions } = await import('./importFiles.ts');
  const importOptions = toImportOptions(config, {}, session.now);
  const results: IngestResult[] = [];
  for (const file of files) {
    results.push(await ingest(file, importFile(file, importOptions), store, session));
  }
  const total = sumIngestResults(results);
  const { runs, newTraces, namedRuns } = total;
  session.log.info('files imported', { files: files.length, runs, newTraces, namedRuns });
  return total;
}

/**
 * The signature of each file that is no longer written to. It changes with the file, the version of
 * pstrace and the name of this host, because each of them changes the result of an import.
 */
function computeSignatures({ mtr }: Config): Map<string, string> {
  const readerVersion = `${version} ${localHostName(mtr)}`;
  const now = Date.now() / 1000;
  const signatures = new Map<string, string>();
  for (const file of globSync(mtr.importPatterns).sort()) {
    const stats = statFile(file);
    if (typeof stats === 'string') signatures.set(file, `${stats} ${readerVersion}`);
    if (typeof stats !== 'object') continue;
    if (!stats.isFile() || Math.abs(now - stats.mtimeMs / 1000) < minFileAgeSeconds) continue;
    // Programs can set mtime but not ctime, and ctime also changes with the permissions.
    signatures.set(file, `${stats.size} ${stats.ctimeMs} ${readerVersion}`);
  }
  return signatures;
}

/**
 * The stats of a file, or the system's error code (importing the file then reports the error);
 * undefined if the file no longer exists.
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
