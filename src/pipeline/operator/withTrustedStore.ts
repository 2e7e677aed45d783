import type { Store } from '../../store/store.ts';
import { requireTrustedClock } from '../clock/trustClock.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';

/**
 * Opens the store for a command that records something at the present time. Throws a
 * `ClockDoubtError` before `work` begins.
 */
export function withTrustedStore<Result>(
  state: string,
  session: Session,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  return withStore(state, session, 'read', (store) => {
    requireTrustedClock(store, session.now);
    return work(store);
  });
}
