import type { Finding } from '../../analysis/detection/finding.ts';
import {
  type ActivityChange,
  createTestActivityState,
  detectActivityChanges,
  type TestActivityState,
  type WatchedTest,
} from '../../analysis/detection/testActivity.ts';
import type { Store } from '../../store/store.ts';
import type { DetectionGroup } from './detectTests.ts';

/** Name under which the store remembers which tests live. */
const memoryKey = 'testActivity';

/**
 * Looks which tests are new, have fallen silent or are back, and puts it with the findings that wait; all or nothing. `now`:
 * epoch seconds.
 */
export function updateTestActivity(
  store: Store,
  groups: readonly DetectionGroup[],
  now: number,
): void {
  const watched = new Map(
    groups.flatMap((group) => {
      const each = toWatchedTest(group);
      return each === null ? [] : [[each.testId, each] as const];
    }),
  );
  const saved = store.detectionStates.meshState(memoryKey) as TestActivityState | null;
  const state = saved?.version === 1 ? saved : createTestActivityState();
  const changes = detectActivityChanges(state, [...watched.values()], now);
  store.transaction(() => {
    store.detectionStates.queueFindings(changes.map((activity) => toFinding(activity, watched)));
    store.detectionStates.setMeshState(memoryKey, state);
  });
}

/** null for a test that nobody knows when to expect results of. */
function toWatchedTest({ lead, newestAt }: DetectionGroup): WatchedTest | null {
  const { id: testId, source, archive, firstSeenAt, intervalSeconds } = lead;
  if (newestAt === null || intervalSeconds === null) return null;
  return { testId, source: source.name, archive, firstAt: firstSeenAt, newestAt, intervalSeconds };
}

function toFinding(
  { change, scope }: ActivityChange,
  tests: ReadonlyMap<string, WatchedTest>,
): Finding {
  const test = tests.get(change.testId);
  if (change.class !== 'vanished' || test === undefined)
    return { kind: 'change', change, elements: [] };
  const elementsByScope = {
    test: [],
    source: [`host ${test.source}`],
    archive: [`archive ${test.archive}`],
  };
  const { newestAt: after, intervalSeconds } = test;
  // The first result that is missing tells when it fell silent.
  const by = Math.min(change.detectedAt, (after ?? 0) + (intervalSeconds ?? 0));
  return {
    kind: 'change',
    change: { ...change, onset: { after, by } },
    elements: elementsByScope[scope],
  };
}
