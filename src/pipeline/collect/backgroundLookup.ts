import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { acquireLock } from '../../lib/lock.ts';
import type { Problem } from '../../model/problem.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { lookUpAsNumbers, queryDns } from './addressLookups.ts';

/**
 * Looks up what nobody told of the addresses on the paths, beside whatever else works with the state: DNS may take its time. The
 * lock is held only to record what was found; where another pstrace has it then, the next run looks it up again.
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

/** Through a store of its own, which knows what others have learned meanwhile. */
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
