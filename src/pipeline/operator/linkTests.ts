import { intervalOf } from '../../analysis/window/freshness.ts';
import type { Config } from '../../config/load.ts';
import type { ExitCode } from '../../lib/exitCodes.ts';
import { usageError } from '../../lib/usageError.ts';
import { patienceIntervals } from '../../model/test/overdue.ts';
import { testText } from '../../model/test/testText.ts';
import type { KnownTest } from '../knownTests.ts';
import type { Session } from '../session.ts';
import { leaveLatest, withLockedStore } from './lockedTests.ts';
import { selectTest } from './selectTests.ts';
import { testLine } from './testLine.ts';

/**
 * Makes the test `laterName` a part of the test `earlierName`. The id, page, history, baseline and
 * open changes of that go on. Throws a `UsageError` if they cannot be one test.
 */
export function linkTests(
  earlierName: string,
  laterName: string,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  return withLockedStore(config, session, (store) => {
    const earlier = selectTest(store, earlierName);
    const later = selectTest(store, laterName);
    rejectDifferentTests(earlier, later);
    store.transaction(() => {
      store.identities.assign(new Map([[later.id, earlier.id]]));
      store.identities.setRetired(earlier.id, null);
    });
    leaveLatest(config, [later]);
    session.print(testLine(selectTest(store, earlier.id), session.now));
  });
}

function rejectDifferentTests(earlier: KnownTest, later: KnownTest): void {
  if (earlier.id === later.id) throw usageError(`${testText(earlier)} already is one test.`, null);
  if (earlier.tool !== later.tool || earlier.family !== later.family) {
    throw usageError(
      `${testText(earlier)} and ${testText(later)} are two tests.`,
      'Link tests of the same tool and address family.',
    );
  }
  if (!overlap(earlier, later)) return;
  if (!overlap(later, earlier)) {
    throw usageError(
      `${earlier.id} began when ${later.id} had ended.`,
      `Give the test that ended first: pstrace tests link ${later.id} ${earlier.id}`,
    );
  }
  throw usageError(
    `${earlier.id} and ${later.id} were measured at the same time, so they are two tests.`,
    'Link a test that ended to one that began after that.',
  );
}

/** Whether a test went on for longer than a few runs after another one had begun. */
function overlap(earlier: KnownTest, later: KnownTest): boolean {
  const seconds = (earlier.newestTraceAt ?? 0) - (later.firstTraceAt ?? Number.MAX_VALUE);
  return seconds > patienceIntervals * intervalOf(earlier);
}
