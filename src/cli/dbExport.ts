import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileFailure, systemCode } from '../lib/files.ts';
import type { StoreRecord } from '../store/exchange/records.ts';
import { openWarnings, withCare } from './db.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { Session } from './session.ts';

/** Characters that are written at a time. */
const pieceLength = 65_536;

/**
 * `pstrace db export [FILE]`: everything as one JSON object a line, on stdout or into a file, which appears (0600) when it
 * is whole.
 */
export function exportDatabase(
  state: string,
  file: string | null,
  session: Session,
): Promise<ExitCode> {
  return withCare(state, session, 'read', async (care) => {
    const damage = openWarnings(session.log);
    const lines = pieces(care.records((message) => damage.add(`left out for damage: ${message}`)));
    if (file === null) await writeOut(lines, session);
    else await writeFile(lines, file, session);
    return damage.end() === 0 ? exitCodes.good : exitCodes.problems;
  });
}

function* pieces(records: Iterable<StoreRecord>): Generator<string> {
  let piece = '';
  for (const record of records) {
    piece += `${JSON.stringify(record)}\n`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function writeOut(lines: Iterable<string>, { signal }: Session): Promise<void> {
  try {
    await pipeline(Readable.from(lines), process.stdout, { end: false, signal });
  } catch (error) {
    signal.throwIfAborted();
    // Whoever reads has seen enough.
    if (systemCode(error) !== 'EPIPE')
      throw fileFailure(error, 'cannot write the export', 'stdout');
  }
}

async function writeFile(
  lines: Iterable<string>,
  file: string,
  { signal }: Session,
): Promise<void> {
  const temporary = `${file}.new`;
  try {
    rmSync(temporary, { force: true });
    const target = createWriteStream(temporary, { mode: 0o600, flags: 'wx', flush: true });
    await pipeline(Readable.from(lines), target, { signal });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    signal.throwIfAborted();
    throw fileFailure(error, 'cannot write the export', file);
  }
}
