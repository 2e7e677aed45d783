import { blankChange } from '../../model/change/blankChange.ts';
import type { Change } from '../../model/change/change.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';

/** A test as seen from outside: where it measures from and when it last had a result. */
export interface WatchedTest {
  readonly testId: string;
  /** Host name or address of the measuring host. */
  readonly source: string;
  readonly archive: string;
  /** Start of its first and its newest trace, epoch seconds; null when it has none. */
  readonly firstAt: number | null;
  readonly newestAt: number | null;
  readonly intervalSeconds: number | null;
}

/** Reported activity of each test. Plain JSON. */
export interface TestActivityState {
  readonly version: 1;
  /** Start of the first result of the whole mesh, epoch seconds; null before it. */
  sinceAt: number | null;
  known: Record<string, 'active' | 'vanished'>;
}

/** A test that appeared, vanished or came back, and what else fell silent at the same time. */
export interface ActivityChange {
  readonly change: Change;
  /** The largest silent group: the test alone, all tests of its source, or all of its archive. */
  readonly scope: 'test' | 'source' | 'archive';
}

/** A test has vanished when it has no result for this long, and for so many intervals. */
const vanishedSeconds = 12 * hourSeconds;
const vanishedIntervals = 12;
/** A test without a result for so many intervals is silent with others that have vanished. */
const staleIntervals = 3;
/** In the first day of a mesh every test is new. */
const newMeshSeconds = daySeconds;

/** The state before the first look. */
export function createTestActivityState(): TestActivityState {
  return { version: 1, sinceAt: null, known: {} };
}

/** Whether a test's newest result is older than three intervals. */
function isStale(test: WatchedTest, now: number): boolean {
  if (test.newestAt === null || test.intervalSeconds === null) return false;
  return now - test.newestAt > staleIntervals * test.intervalSeconds;
}

/**
 * Looks at all tests at one moment (epoch seconds): which are new, which have vanished, which are
 * back. Where all tests of a source or an archive are silent, the scope says so, so that users get
 * one message instead of many.
 */
export function detectActivityChanges(
  state: TestActivityState,
  tests: readonly WatchedTest[],
  now: number,
): ActivityChange[] {
  const silent = new Set(tests.filter((test) => hasVanished(test, now)).map((test) => test.testId));
  // The tests of one source do not vanish in the same minute; the first to go speaks for all.
  const silentOrStale = new Set(
    tests
      .filter((test) => silent.has(test.testId) || isStale(test, now))
      .map(({ testId }) => testId),
  );
  const changes: ActivityChange[] = [];
  for (const test of sortTests(tests)) {
    if (test.firstAt === null) continue;
    state.sinceAt = Math.min(state.sinceAt ?? test.firstAt, test.firstAt);
    const change = activityChange(state, test, silent.has(test.testId), now);
    if (change === null) continue;
    const scope = change.class === 'vanished' ? scopeOf(test, tests, silentOrStale) : 'test';
    changes.push({ change, scope });
  }
  state.known = Object.fromEntries(Object.entries(state.known).sort(compareKeys));
  return changes;
}

/** Sorts by id: results must not depend on the order in which archives list tests. */
function sortTests(tests: readonly WatchedTest[]): WatchedTest[] {
  return tests.toSorted((a, b) => compareKeys([a.testId], [b.testId]));
}

function compareKeys(
  [a]: readonly [string, ...unknown[]],
  [b]: readonly [string, ...unknown[]],
): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function hasVanished(test: WatchedTest, now: number): boolean {
  if (test.newestAt === null) return false;
  const limit = Math.max(vanishedSeconds, vanishedIntervals * (test.intervalSeconds ?? 0));
  return now - test.newestAt > limit;
}

function activityChange(
  state: TestActivityState,
  test: WatchedTest,
  vanished: boolean,
  now: number,
): Change | null {
  const before = state.known[test.testId];
  state.known[test.testId] = vanished ? 'vanished' : 'active';
  if (before === undefined) {
    const late = (test.firstAt as number) - (state.sinceAt as number) >= newMeshSeconds;
    return late ? blankChange(test.testId, 'new_test', 'info', now) : null;
  }
  if (vanished && before === 'active') {
    const change = blankChange(test.testId, 'vanished', 'moderate', now);
    return { ...change, onset: { after: test.newestAt, by: now } };
  }
  if (vanished || before === 'active') return null;
  return { ...blankChange(test.testId, 'recovered', 'info', now), closes: ['vanished'] };
}

function scopeOf(
  test: WatchedTest,
  tests: readonly WatchedTest[],
  silent: ReadonlySet<string>,
): ActivityChange['scope'] {
  const ofArchive = tests.filter((other) => other.archive === test.archive);
  if (allSilent(ofArchive, silent)) return 'archive';
  const ofSource = tests.filter((other) => other.source === test.source);
  return allSilent(ofSource, silent) ? 'source' : 'test';
}

function allSilent(tests: readonly WatchedTest[], silent: ReadonlySet<string>): boolean {
  return (
    tests.length > 1 && tests.every((test) => test.firstAt === null || silent.has(test.testId))
  );
}
