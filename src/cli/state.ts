import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock, type Lock, lockHolder } from '../lib/lock.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { Session } from './session.ts';

/**
 * Does work that needs the state directory for itself, or the part of it that another lock stands for; says so and does nothing
 * when another process has it.
 */
export async function alone(
  state: string,
  session: Session,
  work: () => Promise<ExitCode>,
  name = 'lock',
): Promise<ExitCode> {
  const path = join(state, name);
  const lock = await patiently(() => acquireLock(path));
  if (lock === null) {
    const holder = lockHolder(path);
    const who = holder === null ? 'another pstrace' : `another pstrace (process ${holder})`;
    session.log.warn(`${who} is at work with ${state}; this one leaves it alone`);
    return exitCodes.problems;
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Whoever measures has the lock for moments only, in which it stores. */
const patienceMs = 2000;
const betweenTriesMs = 50;

async function patiently(acquire: () => Lock | null): Promise<Lock | null> {
  const end = performance.now() + patienceMs;
  let lock = acquire();
  while (lock === null && performance.now() < end) {
    await sleep(betweenTriesMs);
    lock = acquire();
  }
  return lock;
}

/** Does work with the store of a state directory and closes it. */
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
