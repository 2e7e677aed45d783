import { closeSync, createReadStream } from 'node:fs';
import type { Config } from '../../config/load.ts';
import { type Deadline, isOutOfTime } from '../../lib/deadline.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { version } from '../../lib/version.ts';
import type { FileResume, ImportPart } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import {
  type DropFile,
  findDropFiles,
  openDropFile,
  readFailure,
  unreadProblems,
} from './dropFiles.ts';
import {
  type DropProgress,
  type DropRecord,
  hashBefore,
  parseDropRecord,
  writeDropRecord,
} from './dropRecord.ts';
import { type IngestResult, ingest, localHostName, sumIngestResults } from './ingest.ts';

/**
 * Imports the files that match the patterns of the configuration. Skips files that have not changed
 * since their last import, so that a damaged file is reported once. Of a file that has only grown,
 * it reads the new part.
 */
export async function ingestDropFolder(
  config: Config,
  store: Store,
  session: Session,
  deadline: Deadline,
): Promise<IngestResult> {
  const files = findDropFiles(config.mtr.importPatterns, Date.now() / 1000);
  // Changes with the version of pstrace and the name of this host: each changes the result.
  const reader = `${version} ${localHostName(config.mtr)}`;
  const ingested = store.ingestedFiles();
  const fingerprints = new Map<string, string>();
  const results: IngestResult[] = [];
  const context = { config, store, session, deadline };
  let unread = 0;
  for (const file of files) {
    const before = ingested.get(file.path);
    const update = await readIfDue(file, before, reader, context);
    if (update.result !== null) results.push(update.result);
    if (update.entry !== undefined) fingerprints.set(file.path, update.entry);
    if (!update.isWhole) unread += 1;
  }
  if (results.length > 0 || files.length !== ingested.size) store.setIngestedFiles(fingerprints);
  const total = sumIngestResults(results);
  const { runs, newTraces, namedRuns } = total;
  if (results.length > 0) {
    session.log.info('files imported', { files: results.length, runs, newTraces, namedRuns });
  }
  return { ...total, problems: [...total.problems, ...unreadProblems(unread, deadline)] };
}

/** The new record of a file, and the result if there was something to read and time to do so. */
interface DropUpdate {
  readonly entry: string | undefined;
  readonly result: IngestResult | null;
  readonly isWhole: boolean;
}

async function readIfDue(
  file: DropFile,
  before: string | undefined,
  reader: string,
  context: ImportContext,
): Promise<DropUpdate> {
  const record = parseDropRecord(before);
  const signature = `${file.signature} ${reader}`;
  const isDue = record?.signature !== signature;
  if (!isDue || isOutOfTime(context.deadline.signal)) {
    return { entry: before, result: null, isWhole: !isDue };
  }
  const { result, progress, isWhole } = await ingestDropFile(file, record, reader, context);
  const entry = writeDropRecord({ signature: isWhole ? signature : unfinished, progress });
  return { entry, result, isWhole };
}

/** The signature of a file that an import read in part. */
const unfinished = '';

/** The dependencies of an import. */
interface ImportContext {
  readonly config: Config;
  readonly store: Store;
  readonly session: Session;
  readonly deadline: Deadline;
}

/** The result of a file, and how far it was read; null to read it from its beginning next time. */
interface DropResult {
  readonly result: IngestResult;
  readonly progress: DropProgress | null;
  /** The file was read to its end within the time of the run. */
  readonly isWhole: boolean;
}

/** The same without the way of reading the file. */
type OpenDropResult = Omit<DropResult, 'progress'> & {
  readonly progress: Omit<DropProgress, 'reader'> | null;
};

const nothing: IngestResult = { runs: 0, newTraces: 0, namedRuns: 0, problems: [] };

async function ingestDropFile(
  file: DropFile,
  record: DropRecord | null,
  reader: string,
  context: ImportContext,
): Promise<DropResult> {
  const earlier = record?.progress?.reader === reader ? record.progress : null;
  try {
    const opened = openDropFile(file);
    if (opened === null) return { result: nothing, progress: null, isWhole: true };
    const { fd, stats } = opened;
    try {
      const open = { ...file, fd, inode: stats.ino, modifiedAt: Math.floor(stats.mtimeMs / 1000) };
      const read = await ingestOpenFile(open, findResume(open, earlier), context);
      return { ...read, progress: read.progress && { ...read.progress, reader } };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.kind === 'store') throw error;
    return { result: { ...nothing, problems: [error.toProblem()] }, progress: null, isWhole: true };
  }
}

interface OpenDropFile extends DropFile {
  readonly fd: number;
  readonly inode: number;
  /** Epoch seconds. */
  readonly modifiedAt: number;
}

/** The point to resume at, if the file is the one of the record and has only grown since. */
function findResume({ fd, inode }: OpenDropFile, progress: DropProgress | null) {
  if (progress === null || progress.inode !== inode) return null;
  const { resume, endHash } = progress;
  return hashBefore(fd, resume.readBytes) === endHash ? resume : null;
}

async function ingestOpenFile(
  { path, pattern, fd, inode, modifiedAt }: OpenDropFile,
  resume: FileResume | null,
  { config, store, session, deadline }: ImportContext,
): Promise<OpenDropResult> {
  // Loaded on demand: few runs have files, and the readers are a fifth of the program.
  const { importRuns } = await import('../../sources/mtr/importRuns.ts');
  const { toImportOptions } = await import('./importFiles.ts');
  let next: FileResume | null = null;
  let isWhole = true;
  async function* parts(): AsyncGenerator<ImportPart> {
    const start = resume?.byte ?? 0;
    const chunks = createReadStream('', { fd, start, autoClose: false });
    const source = { name: path, label: pattern, chunks, modifiedAt, resume };
    let last: FileResume | null = null;
    try {
      for await (const part of importRuns(source, toImportOptions(config, {}, session.now))) {
        yield part;
        last = part.resume;
        if (isOutOfTime(deadline.signal)) {
          isWhole = false;
          break;
        }
      }
    } catch (error) {
      throw error instanceof ExpectedError ? error : readFailure(error, path, pattern);
    }
    next = last;
  }
  const result = await ingest(pattern, parts(), store, session);
  return { result, progress: progressOf(next), isWhole };

  function progressOf(end: FileResume | null): OpenDropResult['progress'] {
    const endHash = end && hashBefore(fd, end.readBytes);
    return end === null || endHash === null ? null : { inode, endHash, resume: end };
  }
}
