import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import type { PublicStore } from '../publicStore.ts';

/** A test without results leaves the matrix when no archive has listed it for so many days. */
const listedDays = 7;

/** Tests that an archive listed lately and that had no result when pstrace read them. */
export function testsWithoutResult(view: PublicStore, { to }: Interval): StoredTest[] {
  const since = to - listedDays * daySeconds;
  return view
    .tests()
    .filter(
      ({ archive, newestTraceAt, retired, firstSeenAt, lastListedAt }) =>
        archive !== localArchive &&
        newestTraceAt === null &&
        retired === null &&
        firstSeenAt <= to &&
        lastListedAt >= since,
    )
    .filter(({ id, lastListedAt }) => {
      const unread = view.missingIntervals(id, { from: 0, to: lastListedAt }, 0);
      return !unread.some(({ from, to: end }) => from === 0 && end === lastListedAt);
    });
}
