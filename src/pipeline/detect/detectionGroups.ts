import { mergeTraces } from '../../analysis/mergeSeries.ts';
import { hasRhythm, recentSpan } from '../../analysis/rhythm.ts';
import { isSharedKey, mayShareKey } from '../../analysis/sharedKey.ts';
import { groupKeys } from '../../analysis/testIdentity.ts';
import type { Trace } from '../../model/trace/trace.ts';
import type { Store } from '../../store/store.ts';
import type { KnownTest } from '../knownTests.ts';

/** A test of the mesh, and how far the detection has processed it. */
export interface DetectionGroup {
  readonly test: KnownTest;
  /** Start of the newest trace, at most the current time, epoch seconds; null without a trace. */
  readonly newestAt: number | null;
  /** Start of the last trace that the detection processed; null before the first. */
  readonly until: number | null;
  /** Ids of its keys with late arrivals. */
  readonly lateIds: readonly string[];
  /** Start of the first late arrival that the detection has passed; null without one. */
  readonly lateAt: number | null;
}

/** A group with traces. */
export type DueGroup = DetectionGroup & { readonly newestAt: number };

/** Test interval, where the archive names none. */
export const defaultIntervalSeconds = 600;

/**
 * The tests of the mesh as of `now` (epoch seconds), each once: not the retired ones, and no key
 * that may still turn out to be a new one of another test.
 */
export function loadDetectionGroups(store: Store, now: number): DetectionGroup[] {
  const processedUntil = store.detectionStates.processedUntil();
  const lateSince = store.lateArrivals.earliestByTest();
  const tests = groupKeys(store.tests()).filter(
    ({ sameAs, retired }) => sameAs !== null && retired === null,
  );
  return tests.map((test) => {
    const { id, keys, newestTraceAt } = test;
    const newestAt = newestTraceAt === null ? null : Math.min(now, newestTraceAt);
    const until = processedUntil.get(id) ?? null;
    const lateIds = keys.flatMap((key) => (lateSince.has(key.id) ? key.id : []));
    const lateAt = Math.min(
      ...lateIds.map((key) => lateSince.get(key) ?? Number.POSITIVE_INFINITY),
    );
    const isPassed = until !== null && lateAt <= until;
    return { test, newestAt, until, lateIds, lateAt: isPassed ? lateAt : null };
  });
}

/**
 * Whether a test has traces, new or late, that the detection has not processed. It begins when the
 * test has been run more than by hand. Results of two hosts under one key are not processed.
 */
export function isDue(group: DetectionGroup, store: Pick<Store, 'traces'>): group is DueGroup {
  const { test, newestAt, until, lateAt } = group;
  if (newestAt === null) return false;
  const hasNews = until === null || newestAt > until || (newestAt === until && lateAt !== null);
  if (!hasNews) return false;
  const { from } = recentSpan(test, newestAt);
  const loadRecent = () => loadTraces(store, { ...group, newestAt }, from);
  if (until === null && !hasRhythm(loadRecent(), test.isScheduled)) return false;
  return !(mayShareKey(test) && isSharedKey(test, loadRecent()));
}

/**
 * The traces of a group that start after `after` (epoch seconds) and up to its newest one,
 * ascending.
 */
export function loadTraces(
  store: Pick<Store, 'traces'>,
  { test, newestAt }: DueGroup,
  after: number,
): readonly Trace[] {
  const window = { from: Math.max(0, after), to: newestAt };
  const traces = mergeTraces(test.keys.map(({ id }) => store.traces(id, window)));
  return traces.filter(({ startedAt }) => startedAt > after);
}
