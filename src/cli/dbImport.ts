import { createReadStream } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileFailure } from '../lib/files.ts';
import { type Line, linesOf } from '../lib/lines.ts';
import type { Importer } from '../store/exchange/read.ts';
import { openWarnings, withCare } from './db.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { Session } from './session.ts';
import { alone } from './state.ts';

/** No line of an export comes near this. */
const mostLineBytes = 16_777_216;
/** Lines that are taken in as a whole or not at all. */
const linesAtATime = 4096;

/** `pstrace db import FILE`: takes in an export, from stdin for null; what is known already stays. */
export function importDatabase(
  state: string,
  file: string | null,
  session: Session,
): Promise<ExitCode> {
  return alone(state, session, () =>
    withCare(state, session, 'write', async (care) => {
      const importer = care.import();
      await takeAll(importer, file, session);
      const { records, newTraces, complete } = importer.imported();
      if (records === 0) {
        session.log.error(`${file ?? 'stdin'} holds no export of pstrace; nothing was taken in`);
        return exitCodes.nothing;
      }
      session.log.info('export taken in', { records, newTraces });
      session.tell(`${records} records taken in, with ${newTraces} traces that were not there yet`);
      if (!complete) session.log.warn('the export ends early, or lines of it are missing');
      return complete && care.problems.length === 0 ? exitCodes.good : exitCodes.problems;
    }),
  );
}

async function takeAll(
  importer: Importer,
  file: string | null,
  { signal, log }: Session,
): Promise<void> {
  const skipped = openWarnings(log);
  let waiting: Line[] = [];
  const take = () => {
    for (const { line, reason } of importer.take(waiting)) {
      skipped.add(`line ${line} was skipped: ${reason}`);
    }
    waiting = [];
  };
  try {
    const stream = file === null ? process.stdin : createReadStream(file);
    for await (const line of linesOf(stream, mostLineBytes)) {
      waiting.push(line);
      if (waiting.length < linesAtATime) continue;
      take();
      await setImmediate();
      signal.throwIfAborted();
    }
    take();
    skipped.end();
  } catch (error) {
    throw fileFailure(error, 'cannot read the export', file ?? 'stdin');
  }
}
