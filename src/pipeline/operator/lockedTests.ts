import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Store } from '../../store/store.ts';
import type { KnownTest } from '../knownTests.ts';
import { readLatestTests, writeLatestTests } from '../notify/latestTests.ts';
import type { Session } from '../session.ts';
import { withStateLock } from '../stateLock.ts';
import { withTrustedStore } from './withTrustedStore.ts';

/** Works with the store while no run does. Throws a `ClockDoubtError`. */
export function withLockedStore(
  { state }: Config,
  session: Session,
  work: (store: Store) => void,
): Promise<ExitCode> {
  return withStateLock(state, session, () =>
    withTrustedStore(state, session, async (store) => {
      work(store);
      return exitCodes.ok;
    }),
  );
}

/** Removes tests from the result of the last run, which `pstrace check` reads. */
export function leaveLatest({ state }: Config, left: readonly KnownTest[]): void {
  const latest = readLatestTests(state);
  if (latest === null) return;
  const ids = new Set(left.map(({ id }) => id));
  writeLatestTests(
    state,
    latest.tests.filter(({ test }) => !ids.has(test.id)),
    latest.writtenAt,
  );
}
