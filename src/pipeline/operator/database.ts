import { join } from 'node:path';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Log } from '../../lib/log.ts';
import { formatBytes } from '../../model/format.ts';
import { type AccessMode, openForAdmin } from '../../store/open.ts';
import { logProblems } from '../problems.ts';
import type { Session } from '../session.ts';
import { withStateLock } from '../stateLock.ts';

type OpenedAdmin = ReturnType<typeof openForAdmin>;

/** Does work with the database of a state directory as a whole and closes it. */
export async function withDatabaseAdmin(
  state: string,
  session: Session,
  use: AccessMode,
  work: (admin: OpenedAdmin) => Promise<ExitCode> | ExitCode,
): Promise<ExitCode> {
  const admin = openForAdmin(state, session.now, use);
  try {
    logProblems(admin.problems, session.log, '');
    return await work(admin);
  } finally {
    admin.close();
  }
}

/** `pstrace db check`: looks through everything and says what is there, or what is wrong. */
export function checkDatabase(state: string, session: Session): Promise<ExitCode> {
  restoreDefaultSignals();
  return withDatabaseAdmin(state, session, 'read', (admin) => {
    const { faults, counts } = admin.check();
    const { tests, traces, routes, responders, routePeriods, changes } = counts;
    const path = join(state, 'pstrace.db');
    for (const finding of faults) session.print(finding);
    session.print(
      `${path}: ${tests} tests, ${traces} traces over ${routes} routes, ${responders} responders, ${routePeriods} route periods, ${changes} changes`,
    );
    if (faults.length === 0) {
      session.print(`${path} is whole`);
      return exitCodes.ok;
    }
    session.print(
      `${path} is damaged; "pstrace db export" saves what can be read, "pstrace db import" takes it into a new one`,
    );
    return exitCodes.partial;
  });
}

/** `pstrace db vacuum`: makes the file as small as it can be. */
export function vacuumDatabase(state: string, session: Session): Promise<ExitCode> {
  restoreDefaultSignals();
  return withStateLock(state, session, () =>
    withDatabaseAdmin(state, session, 'read', (admin) => {
      const { bytesBefore, bytesAfter } = admin.vacuum();
      session.log.info('database vacuumed', { before: bytesBefore, after: bytesAfter });
      session.printIfInteractive(
        `${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} now`,
      );
      return exitCodes.ok;
    }),
  );
}

/** `pstrace db backup FILE`: a copy of the database as of now, also while a run is writing. */
export function backupDatabase(state: string, file: string, session: Session): Promise<ExitCode> {
  restoreDefaultSignals();
  return withDatabaseAdmin(state, session, 'read', (admin) => {
    admin.backup(file);
    session.log.info('database backed up', { file });
    session.printIfInteractive(
      `${file} holds the database as of now; as pstrace.db in a state directory it is one`,
    );
    return exitCodes.ok;
  });
}

/** SQLite holds this process until it is done, and survives its end: signals need not wait. */
function restoreDefaultSignals(): void {
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
}

/** Messages of which there may be millions. */
export interface LimitedWarnings {
  add(message: string): void;
  /** Says how many were not told; returns how many there were. */
  end(): number;
}

/** Tells the first twenty messages as warnings. */
export function createLimitedWarnings(log: Log): LimitedWarnings {
  const maxWarnings = 20;
  let count = 0;
  return {
    add(message) {
      count += 1;
      if (count <= maxWarnings) log.warn(message);
    },
    end() {
      if (count > maxWarnings) log.warn(`and ${count - maxWarnings} more`);
      return count;
    },
  };
}
