import type { Finding } from '../../analysis/detection/finding.ts';
import {
  type ActivityChange,
  createTestActivityState,
  detectActivityChanges,
  type TestActivityState,
  type WatchedTest,
} from '../../analysis/detection/testActivity.ts';
import type { Store } from '../../store/store.ts';
import type { DetectionGroup } from './detectionGroups.ts';

/** Name of the activity state in the store. */
const memoryKey = 'testActivity';

/**
 * Finds which tests are new, fell silent or deliver again, and queues findings about them. `now` in
 * epoch seconds.
 */
export function updateTestActivity(
  store: Store,
  groups: readonly DetectionGroup[],
  now: number,
): void {
  // A test that the detection does not know was run by hand.
  const known = store.detectionStates.processedUntil();
  const watched = new Map(
    groups
      .filter(({ test }) => known.has(test.id))
      .flatMap((group) => {
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

/** Takes tests for active, whatever was reported before; null: for tests that are unknown. */
export function resetActivity(
  store: Store,
  ids: ReadonlySet<string>,
  activity: 'active' | null,
): void {
  const state = store.detectionStates.meshState(memoryKey) as TestActivityState | null;
  if (state?.version !== 1) return;
  const known = Object.entries(state.known).flatMap(([id, reported]) => {
    if (!ids.has(id)) return [[id, reported] as const];
    return activity === null ? [] : [[id, activity] as const];
  });
  store.detectionStates.setMeshState(memoryKey, { ...state, known: Object.fromEntries(known) });
}

/** null for a test without a known interval. */
function toWatchedTest({ test, newestAt }: DetectionGroup): WatchedTest | null {
  const { id: testId, source, archive, firstSeenAt, intervalSeconds } = test;
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
  // It fell silent at the first missing result.
  const by = Math.min(change.detectedAt, (after ?? 0) + (intervalSeconds ?? 0));
  return {
    kind: 'change',
    change: { ...change, onset: { after, by } },
    elements: elementsByScope[scope],
  };
}
