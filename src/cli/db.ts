import { join } from 'node:path';
import type { Log } from '../lib/log.ts';
import { openCare, type Use } from '../store/open.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { warnOf } from './problems.ts';
import type { Session } from './session.ts';
import { alone } from './state.ts';

type Care = ReturnType<typeof openCare>;

/** Does work with the database of a state directory as a whole and closes it. */
export async function withCare(
  state: string,
  session: Session,
  use: Use,
  work: (care: Care) => Promise<ExitCode> | ExitCode,
): Promise<ExitCode> {
  const care = openCare(state, session.now, use);
  try {
    warnOf(care.problems, session.log, '');
    return await work(care);
  } finally {
    care.close();
  }
}

/** `pstrace db check`: looks through everything and says what is there, or what is wrong. */
export function checkDatabase(state: string, session: Session): Promise<ExitCode> {
  endAtOnce();
  return withCare(state, session, 'read', (care) => {
    const { findings, counts } = care.check();
    const { tests, traces, routes, responders, periods, changes } = counts;
    const path = join(state, 'pstrace.db');
    for (const finding of findings) session.say(finding);
    session.say(
      `${path}: ${tests} tests, ${traces} traces over ${routes} routes, ${responders} responders, ${periods} route periods, ${changes} changes`,
    );
    if (findings.length === 0) {
      session.say(`${path} is whole`);
      return exitCodes.good;
    }
    session.say(
      `${path} is damaged; "pstrace db export" saves what can be read, "pstrace db import" takes it into a new one`,
    );
    return exitCodes.problems;
  });
}

/** `pstrace db vacuum`: makes the file as small as it can be. */
export function vacuumDatabase(state: string, session: Session): Promise<ExitCode> {
  endAtOnce();
  return alone(state, session, () =>
    withCare(state, session, 'read', (care) => {
      const { before, after } = care.vacuum();
      session.log.info('database vacuumed', { before, after });
      session.tell(`${megabytes(before)} before, ${megabytes(after)} now`);
      return exitCodes.good;
    }),
  );
}

/** `pstrace db backup FILE`: a copy of the database as of now, also while a run is writing. */
export function backupDatabase(state: string, file: string, session: Session): Promise<ExitCode> {
  endAtOnce();
  return withCare(state, session, 'read', (care) => {
    care.backup(file);
    session.log.info('database backed up', { file });
    session.tell(
      `${file} holds the database as of now; as pstrace.db in a state directory it is one`,
    );
    return exitCodes.good;
  });
}

/** SQLite holds this process until it is done, and survives its end: signals need not wait. */
function endAtOnce(): void {
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Messages of which there may be millions. */
export interface Warnings {
  add(message: string): void;
  /** Says how many were not told; returns how many there were. */
  end(): number;
}

/** Tells the first twenty messages as warnings. */
export function openWarnings(log: Log): Warnings {
  const most = 20;
  let count = 0;
  return {
    add(message) {
      count += 1;
      if (count <= most) log.warn(message);
    },
    end() {
      if (count > most) log.warn(`and ${count - most} more`);
      return count;
    },
  };
}
