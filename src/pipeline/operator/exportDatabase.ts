import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { temporaryBeside } from '../../lib/atomicFile.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { fileFailure, systemCode } from '../../lib/files.ts';
import type { StoreRecord } from '../../store/exchange/recordSchemas.ts';
import type { Session } from '../session.ts';
import { createLimitedWarnings, withDatabaseAdmin } from './database.ts';

/** Characters per write. */
const chunkLength = 65_536;

/**
 * Writes every record as one JSON object per line, to stdout (null) or into a file. The file (mode
 * 0600) appears once it is complete.
 */
export function exportDatabase(
  state: string,
  file: string | null,
  session: Session,
): Promise<ExitCode> {
  return withDatabaseAdmin(state, session, 'read', async (admin) => {
    const damageWarnings = createLimitedWarnings(session.log);
    const lines = toChunks(
      admin.records((message) => damageWarnings.add(`damaged, not exported: ${message}`)),
    );
    if (file === null) await writeToStdout(lines, session);
    else await writeToFile(lines, file, session);
    return damageWarnings.end() === 0 ? exitCodes.ok : exitCodes.partial;
  });
}

function* toChunks(records: Iterable<StoreRecord>): Generator<string> {
  let chunk = '';
  for (const record of records) {
    chunk += `${JSON.stringify(record)}\n`;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function writeToStdout(lines: Iterable<string>, { signal }: Session): Promise<void> {
  try {
    await pipeline(Readable.from(lines), process.stdout, { end: false, signal });
  } catch (error) {
    signal.throwIfAborted();
    // A reader such as head closed the pipe.
    if (systemCode(error) !== 'EPIPE')
      throw fileFailure(error, 'cannot write the export', 'stdout');
  }
}

async function writeToFile(
  lines: Iterable<string>,
  file: string,
  { signal }: Session,
): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    const target = createWriteStream(temporary, { mode: 0o600, flags: 'wx', flush: true });
    await pipeline(Readable.from(lines), target, { signal });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    signal.throwIfAborted();
    throw fileFailure(error, 'cannot write the export', file);
  }
}
