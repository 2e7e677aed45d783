import { createReadStream } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { fileFailure } from '../../lib/files.ts';
import { splitLines, type TextLine } from '../../lib/lines.ts';
import type { Importer } from '../../store/exchange/importRecords.ts';
import { markImported } from '../clock/trustClock.ts';
import type { Session } from '../session.ts';
import { withStateLock, withStore } from '../stateLock.ts';
import { createLimitedWarnings, withDatabaseAdmin } from './database.ts';

/** Limit of a line; exported lines are far shorter. */
const maxLineBytes = 16_777_216;
/** Lines per transaction. */
const linesPerBatch = 4096;

/** Adds the records of an export (null: from stdin) to the database. Existing records stay. */
export function importDatabase(
  state: string,
  file: string | null,
  session: Session,
): Promise<ExitCode> {
  return withStateLock(state, session, () =>
    withDatabaseAdmin(state, session, 'write', async (admin) => {
      const importer = admin.import();
      await importAll(importer, file, session);
      await withStore(state, session, 'write', async (store) => markImported(store));
      const { records, newTraces, complete } = importer.summary();
      if (records === 0) {
        session.log.error(`${file ?? 'stdin'} contains no export of pstrace; nothing was imported`);
        return exitCodes.failed;
      }
      session.log.info('export imported', { records, newTraces });
      session.printIfInteractive(`${records} records imported, ${newTraces} new traces`);
      if (!complete)
        session.log.warn('the export is incomplete: it ends early, or lines are missing');
      return complete && admin.problems.length === 0 ? exitCodes.ok : exitCodes.partial;
    }),
  );
}

async function importAll(
  importer: Importer,
  file: string | null,
  { signal, log }: Session,
): Promise<void> {
  const skipWarnings = createLimitedWarnings(log);
  let batch: TextLine[] = [];
  const importBatch = () => {
    for (const { line, reason } of importer.importLines(batch)) {
      skipWarnings.add(`line ${line} skipped: ${reason}`);
    }
    batch = [];
  };
  try {
    const stream = file === null ? process.stdin : createReadStream(file);
    for await (const line of splitLines(stream, maxLineBytes)) {
      batch.push(line);
      if (batch.length < linesPerBatch) continue;
      importBatch();
      await setImmediate();
      signal.throwIfAborted();
    }
    importBatch();
    skipWarnings.end();
  } catch (error) {
    throw fileFailure(error, 'cannot read the export', file ?? 'stdin');
  }
}
