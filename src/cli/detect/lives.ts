import {
  createSilence,
  type LifeChange,
  type SilenceState,
  type WatchedTest,
  watch,
} from '../../analysis/detection/silence.ts';
import type { Store } from '../../store/store.ts';
import type { WatchedGroup } from './detectTests.ts';
import type { Finding } from './finding.ts';

/** Name under which the store remembers which tests live. */
const memory = 'silence';

/**
 * Looks which tests are new, have fallen silent or are back, and puts it with the findings that wait; all or nothing. `now`:
 * epoch seconds.
 */
export function watchLives(store: Store, groups: readonly WatchedGroup[], now: number): void {
  const watched = new Map(
    groups.flatMap((group) => {
      const each = watchedTest(group);
      return each === null ? [] : [[each.testId, each] as const];
    }),
  );
  const kept = store.detections.mesh(memory) as SilenceState | null;
  const state = kept?.version === 1 ? kept : createSilence();
  const changes = watch(state, [...watched.values()], now);
  store.transaction(() => {
    store.detections.queue(changes.map((life) => findingOf(life, watched)));
    store.detections.setMesh(memory, state);
  });
}

/** null for a test that nobody knows when to expect results of. */
function watchedTest({ lead, newestAt }: WatchedGroup): WatchedTest | null {
  const { id: testId, source, archive, firstSeenAt, intervalSeconds } = lead;
  if (newestAt === null || intervalSeconds === null) return null;
  return { testId, source: source.name, archive, firstAt: firstSeenAt, newestAt, intervalSeconds };
}

function findingOf(
  { change, scope }: LifeChange,
  tests: ReadonlyMap<string, WatchedTest>,
): Finding {
  const test = tests.get(change.testId);
  if (change.class !== 'vanished' || test === undefined)
    return { kind: 'change', change, elements: [] };
  const silent = {
    test: [],
    source: [`host ${test.source}`],
    archive: [`archive ${test.archive}`],
  };
  const { newestAt: after, intervalSeconds } = test;
  // The first result that is missing tells when it fell silent.
  const by = Math.min(change.detectedAt, (after ?? 0) + (intervalSeconds ?? 0));
  return { kind: 'change', change: { ...change, onset: { after, by } }, elements: silent[scope] };
}
