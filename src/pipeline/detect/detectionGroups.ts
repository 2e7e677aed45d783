import { duplicateTests, mergeTraces } from '../../analysis/duplicateTests.ts';
import type { Trace } from '../../model/trace.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/tests.ts';

/** A test as every archive knows it, and the one whose id the detection uses. */
export interface DetectionGroup {
  readonly lead: StoredTest;
  readonly all: readonly StoredTest[];
  /** Start of the newest trace, at most the current time, epoch seconds; null without a trace. */
  readonly newestAt: number | null;
  /** Start of the last trace that the detection processed; null before the first. */
  readonly until: number | null;
  /** Ids of the tests with late arrivals. */
  readonly lateIds: readonly string[];
  /** Start of the first late arrival that the detection has passed; null without one. */
  readonly lateAt: number | null;
}

/** A group with traces. */
export type DueGroup = DetectionGroup & { readonly newestAt: number };

/** Test interval, where the archive names none. */
export const defaultIntervalSeconds = 600;

/** Groups all tests, each once, as of `now` (epoch seconds). */
export function loadDetectionGroups(store: Store, now: number): DetectionGroup[] {
  const processedUntil = store.detectionStates.processedUntil();
  const lateSince = store.lateArrivals.earliestByTest();
  return duplicateTests(store.tests()).flatMap((all) => {
    const lead = all.find(({ id }) => processedUntil.has(id)) ?? all[0];
    if (lead === undefined) return [];
    const starts = all.flatMap(({ newestTraceAt }) => newestTraceAt ?? []);
    const newestAt = starts.length === 0 ? null : Math.min(now, Math.max(...starts));
    const until = processedUntil.get(lead.id) ?? null;
    const lateIds = all.flatMap(({ id }) => (lateSince.has(id) ? id : []));
    const lateAt = Math.min(...lateIds.map((id) => lateSince.get(id) ?? Number.POSITIVE_INFINITY));
    const isPassed = until !== null && lateAt <= until;
    return [{ lead, all, newestAt, until, lateIds, lateAt: isPassed ? lateAt : null }];
  });
}

/** Whether a group has traces, new or late, that the detection has not processed. */
export function isDue(group: DetectionGroup): group is DueGroup {
  const { newestAt, until, lateAt } = group;
  if (newestAt === null || until === null) return newestAt !== null;
  return newestAt > until || (newestAt === until && lateAt !== null);
}

/**
 * The traces of a group that start after `after` (epoch seconds) and up to its newest one,
 * ascending.
 */
export function loadTraces(
  store: Pick<Store, 'traces'>,
  { all, newestAt }: DueGroup,
  after: number,
): readonly Trace[] {
  const window = { from: Math.max(0, after), to: newestAt };
  const traces = mergeTraces(all.map(({ id }) => store.traces(id, window)));
  return traces.filter(({ startedAt }) => startedAt > after);
}
