import { join } from 'node:path';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Log } from '../../lib/log.ts';
import { formatBytes } from '../../model/values/format.ts';
import { type AccessMode, openForAdmin } from '../../store/open.ts';
import { logProblems } from '../problems.ts';
import type { Session } from '../session.ts';
import { withStateLock } from '../stateLock.ts';

type OpenedAdmin = ReturnType<typeof openForAdmin>;

/** Opens the database of a state folder for admin work, runs `work` and closes it. */
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

/** Checks the integrity of the whole database. Prints its faults and the number of its records. */
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
      session.print(`${path}: OK`);
      return exitCodes.ok;
    }
    session.print(
      `${path} is damaged. "pstrace db export" saves the readable part, "pstrace db import" loads it into a new database.`,
    );
    return exitCodes.partial;
  });
}

/** Shrinks the database file as far as possible. */
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

/** Copies the database into a file, consistently even while a run is writing. */
export function backupDatabase(state: string, file: string, session: Session): Promise<ExitCode> {
  restoreDefaultSignals();
  return withDatabaseAdmin(state, session, 'read', (admin) => {
    admin.backup(file);
    session.log.info('database backed up', { file });
    session.printIfInteractive(
      `${file} is a copy of the database; to restore it, copy it to pstrace.db in a state folder`,
    );
    return exitCodes.ok;
  });
}

/**
 * SQLite blocks the process while it works and survives a kill, so signals end the process at once.
 */
function restoreDefaultSignals(): void {
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
}

/** Logs only the first of possibly millions of messages. */
export interface LimitedWarnings {
  add(message: string): void;
  /** Logs how many messages were omitted; returns the number of all messages. */
  end(): number;
}

const maxWarnings = 20;

/** Logs the first `maxWarnings` messages as warnings. */
export function createLimitedWarnings(log: Log): LimitedWarnings {
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
