import type { Config } from '../../config/load.ts';
import type { ExitCode } from '../../lib/exitCodes.ts';
import { usageError } from '../../lib/usageError.ts';
import { pluralize } from '../../model/values/format.ts';
import { recordIncidents } from '../detect/recordIncidents.ts';
import { resetActivity } from '../detect/testActivity.ts';
import { retireTests, returnTests } from '../identify/retireTests.ts';
import type { Session } from '../session.ts';
import { leaveLatest, withLockedStore } from './lockedTests.ts';
import { selectTests } from './selectTests.ts';
import { isDelivering, testLine } from './testLine.ts';

/**
 * Retires the tests that patterns select, except those that still deliver: their next result would
 * bring them back, without their open changes. Throws a `UsageError`, also if none is left.
 */
export function retireSelected(
  patterns: readonly string[],
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const { now } = session;
  return withLockedStore(config, session, (store) => {
    const present = selectTests(store, patterns).filter(({ retired }) => retired === null);
    const tests = present.filter((test) => !isDelivering(test, now));
    const delivering = present.filter((test) => !tests.includes(test));
    if (tests.length === 0 && delivering.length > 0) {
      throw usageError(
        `${pluralize(delivering.length, 'selected test')} would come back with the next result.`,
        'Stop the measurement first. To declare usual what its results show, run: pstrace accept.',
      );
    }
    store.transaction(() => {
      retireTests(store, tests, 'operator', now);
      recordIncidents(store, now);
    });
    leaveLatest(config, tests);
    for (const test of tests)
      session.print(testLine({ ...test, retired: { at: now, by: 'operator' } }, now));
    for (const test of delivering)
      session.log.warn(
        `${test.id} still delivers and stays in the mesh; stop its measurement first`,
      );
    session.printIfInteractive(`${pluralize(tests.length, 'test')} retired`);
  });
}

/** Brings the tests that patterns select back into the mesh. Throws a `UsageError`. */
export function returnSelected(
  patterns: readonly string[],
  config: Config,
  session: Session,
): Promise<ExitCode> {
  return withLockedStore(config, session, (store) => {
    const tests = selectTests(store, patterns).filter(({ retired }) => retired !== null);
    store.transaction(() => {
      returnTests(store, tests, session.now);
      recordIncidents(store, session.now);
    });
    for (const test of tests) session.print(testLine({ ...test, retired: null }, session.now));
    session.printIfInteractive(`${pluralize(tests.length, 'test')} back in the mesh`);
  });
}

/**
 * Deletes everything about the tests that patterns select. Without `isConfirmed`, deletes nothing
 * and throws a `UsageError` that names them.
 */
export function deleteSelected(
  patterns: readonly string[],
  isConfirmed: boolean,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  return withLockedStore(config, session, (store) => {
    const tests = selectTests(store, patterns);
    for (const test of tests) session.print(testLine(test, session.now));
    if (!isConfirmed) {
      throw usageError(
        `This would delete ${pluralize(tests.length, 'test')} with all traces, routes and changes.`,
        'Give --yes to do it.',
      );
    }
    const keys = new Set(tests.flatMap((test) => test.keys.map(({ id }) => id)));
    store.transaction(() => {
      store.identities.remove([...keys]);
      resetActivity(store, keys, null);
    });
    leaveLatest(config, tests);
    for (const test of tests.filter((each) => isDelivering(each, session.now)))
      session.log.warn(`${test.id} still delivers; the next run finds it as a new test`);
    session.printIfInteractive(`${pluralize(tests.length, 'test')} deleted`);
  });
}
