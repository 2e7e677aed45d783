import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { acquireLock } from '../../lib/lock.ts';
import type { Problem } from '../../model/run/problem.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { lookUpAsNumbers, queryDns } from './addressLookups.ts';

/**
 * Looks up missing names and AS numbers without holding the lock, because DNS may be slow. Takes
 * the lock only to store results; if another process holds it then, the next run repeats the
 * lookup. Returns the problems.
 */
export function lookUpInBackground(config: Config, session: Session): Promise<Problem[]> {
  const { state } = config;
  return withStore(state, session, 'read', async (store) => {
    const lockingStore: Store = {
      ...store,
      recordLookups: (...answers) => recordUnderLock(state, session.now, answers),
    };
    const problems = await lookUpAsNumbers(lockingStore, config, session);
    await queryDns(lockingStore, config, session);
    return problems;
  });
}

/** Uses a newly opened store, which has the changes of other processes. */
function recordUnderLock(
  state: string,
  now: number,
  answers: Parameters<Store['recordLookups']>,
): void {
  const lock = acquireLock(join(state, 'lock'));
  if (lock === null) return;
  try {
    const store = openStore(state, now, 'write');
    store.recordLookups(...answers);
    store.close();
  } finally {
    lock.release();
  }
}
