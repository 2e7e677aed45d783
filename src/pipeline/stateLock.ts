import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/load.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { continueAsOwner, rejectOtherOwner } from '../lib/folderOwner.ts';
import { acquireLock, type Lock, lockHolder } from '../lib/lock.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/**
 * Runs `work` while holding the lock `name` of the state folder; `work` may release it before its
 * end. If another process holds it for longer than a moment, logs a warning and returns the exit
 * code `partial`. A process of root continues as the owner of the folder. Throws an `ExpectedError`
 * if the folder belongs to another user.
 */
export async function withStateLock(
  state: string,
  session: Session,
  work: (release: () => void) => Promise<ExitCode>,
  name = 'lock',
): Promise<ExitCode> {
  claimState(state);
  const path = join(state, name);
  const lock = await withRetries(() => acquireLock(path));
  if (lock === null) {
    const holder = lockHolder(path);
    const holderText = holder === null ? 'another pstrace' : `another pstrace (pid ${holder})`;
    session.log.warn(`${holderText} holds the lock on ${state}; exiting`);
    return exitCodes.partial;
  }
  try {
    return await work(lock.release);
  } finally {
    lock.release();
  }
}

/**
 * Throws an `ExpectedError` if another user has written the state or the site. A process of root
 * goes on as the owner of the state.
 */
export function claimFolders({ state, out }: Pick<Config, 'state' | 'out'>): void {
  claimState(state);
  rejectOtherOwner({ path: out, name: 'the site', mark: '.site' });
}

function claimState(state: string): void {
  continueAsOwner({ path: state, name: 'the state folder', mark: 'pstrace.db' });
}

/** Processes that measure hold the lock only while they store results. */
const lockWaitMs = 2000;
const retryDelayMs = 50;

async function withRetries(acquire: () => Lock | null): Promise<Lock | null> {
  const end = performance.now() + lockWaitMs;
  let lock = acquire();
  while (lock === null && performance.now() < end) {
    await sleep(retryDelayMs);
    lock = acquire();
  }
  return lock;
}

/** Opens the store of a state folder, runs `work` with it and closes it. */
export async function withStore<Result>(
  state: string,
  session: Session,
  use: 'read' | 'write',
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = openStore(state, session.now, use);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
