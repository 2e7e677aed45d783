import { globSync, type Stats, statSync } from 'node:fs';
import type { Config } from '../../config/load.ts';
import { systemCode } from '../../lib/files.ts';
import { version } from '../../lib/version.ts';
import type { FileResume, ImportPart } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { type DropProgress, hashBefore, parseDropRecord, writeDropRecord } from './dropRecord.ts';
import { type IngestResult, ingest, localHostName, sumIngestResults } from './ingest.ts';

/** A file changed more recently may be incomplete. */
const minFileAgeSeconds = 5;

/** A file of the drop folder that is no longer written to. */
interface DropFile {
  readonly path: string;
  /**
   * Changes with the file, the version of pstrace and the name of this host, because each of them
   * changes the result of an import.
   */
  readonly signature: string;
  readonly reader: string;
  /** null if the file cannot be read. */
  readonly inode: number | null;
}

/**
 * Imports the files that match the patterns of the configuration. Skips files that have not changed
 * since their last import, so that a damaged file is reported once. Of a file that has only grown,
 * it reads the new part.
 */
export async function ingestDropFolder(
  config: Config,
  store: Store,
  session: Session,
): Promise<IngestResult> {
  const files = finishedFiles(config);
  const ingested = store.ingestedFiles();
  const fingerprints = new Map<string, string>();
  const results: IngestResult[] = [];
  for (const file of files) {
    const before = ingested.get(file.path);
    const record = parseDropRecord(before);
    if (before !== undefined && record?.signature === file.signature) {
      fingerprints.set(file.path, before);
      continue;
    }
    const resume = findResume(file, record?.progress ?? null);
    const { result, progress } = await ingestFile(file, resume, { config, store, session });
    results.push(result);
    fingerprints.set(file.path, writeDropRecord({ signature: file.signature, progress }));
  }
  if (results.length > 0 || files.length !== ingested.size) store.setIngestedFiles(fingerprints);
  const total = sumIngestResults(results);
  const { runs, newTraces, namedRuns } = total;
  if (results.length > 0) {
    session.log.info('files imported', { files: results.length, runs, newTraces, namedRuns });
  }
  return total;
}

/** The point to resume at, if the file is the one of the record and has only grown since. */
function findResume({ path, reader, inode }: DropFile, progress: DropProgress | null) {
  if (progress === null || progress.reader !== reader || progress.inode !== inode) return null;
  const { resume, endHash } = progress;
  return hashBefore(path, resume.readBytes) === endHash ? resume : null;
}

/** The dependencies of an import. */
interface ImportContext {
  readonly config: Config;
  readonly store: Store;
  readonly session: Session;
}

async function ingestFile(
  { path, reader, inode }: DropFile,
  resume: FileResume | null,
  { config, store, session }: ImportContext,
): Promise<{ result: IngestResult; progress: DropProgress | null }> {
  // Loaded on demand: few runs have files, and the readers are a fifth of the program.
  const { importFile } = await import('../../sources/mtr/importRuns.ts');
  const { toImportOptions } = await import('./importFiles.ts');
  let next: FileResume | null = null;
  async function* parts(): AsyncGenerator<ImportPart> {
    let last: FileResume | null = null;
    for await (const part of importFile(path, toImportOptions(config, {}, session.now), resume)) {
      yield part;
      last = part.resume;
    }
    next = last;
  }
  const result = await ingest(path, parts(), store, session);
  return { result, progress: progressOf(next) };

  function progressOf(end: FileResume | null): DropProgress | null {
    const endHash = end && hashBefore(path, end.readBytes);
    if (end === null || endHash === null || inode === null) return null;
    return { reader, inode, endHash, resume: end };
  }
}

/** The files that match the patterns of the configuration, without those that may still grow. */
function finishedFiles({ mtr }: Config): DropFile[] {
  const reader = `${version} ${localHostName(mtr)}`;
  const now = Date.now() / 1000;
  return globSync(mtr.importPatterns)
    .sort()
    .flatMap((path): DropFile[] => {
      const stats = statFile(path);
      if (stats === undefined) return [];
      if (typeof stats === 'string') {
        return [{ path, signature: `${stats} ${reader}`, reader, inode: null }];
      }
      const { size, mtimeMs, ctimeMs, ino } = stats;
      if (!stats.isFile() || Math.abs(now - mtimeMs / 1000) < minFileAgeSeconds) return [];
      // Programs can set mtime but not ctime, and ctime also changes with the permissions.
      return [{ path, signature: `${size} ${ctimeMs} ${reader}`, reader, inode: ino }];
    });
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
