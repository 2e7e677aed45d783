import { type Finding, findingTestId, routeClasses } from '../../analysis/detection/finding.ts';
import { duplicateTests } from '../../analysis/duplicateTests.ts';
import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/problem.ts';
import type { Store } from '../../store/store.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import type { StoredTest } from '../../store/traces/tests.ts';
import { processInBatches } from '../batches.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import {
  type DetectionContext,
  type DetectionResult,
  type DueGroup,
  detectTest,
} from './detectTest.ts';

/** A test as all archives that keep it know it, and which of them the detection goes by. */
export interface DetectionGroup {
  readonly lead: StoredTest;
  readonly all: readonly StoredTest[];
  /** Start of the newest trace of any of them, or the moment where that is earlier; null without one. */
  readonly newestAt: number | null;
  /** How far the detection has come; null: it has seen nothing. */
  readonly until: number | null;
  /** Ids of those of which traces came late, and since when there may be some that the detection has passed; null without. */
  readonly lateIds: readonly string[];
  readonly lateAt: number | null;
}

/** All tests, each once, whatever the number of archives that keep it, as of a moment (epoch seconds). */
export function loadDetectionGroups(store: Store, now: number): DetectionGroup[] {
  const seenUntil = store.detectionStates.processedUntil();
  const lateSince = store.lateArrivals.earliestByTest();
  return duplicateTests(store.tests()).flatMap((all) => {
    const lead = all.find(({ id }) => seenUntil.has(id)) ?? all[0];
    if (lead === undefined) return [];
    const starts = all.flatMap(({ newestTraceAt }) => newestTraceAt ?? []);
    const newestAt = starts.length === 0 ? null : Math.min(now, Math.max(...starts));
    const until = seenUntil.get(lead.id) ?? null;
    const lateIds = all.flatMap(({ id }) => (lateSince.has(id) ? id : []));
    const lateAt = Math.min(...lateIds.map((id) => lateSince.get(id) ?? Number.POSITIVE_INFINITY));
    const isLate = until !== null && lateAt <= until;
    return [{ lead, all, newestAt, until, lateIds, lateAt: isLate ? lateAt : null }];
  });
}

/** What the detection goes by. */
type DetectionConfig = Pick<Config, 'policies' | 'groups' | 'overlapSeconds'>;

/** Results that come no later than this are looked at as if they had come in time. */
const minReplaySpanSeconds = 3 * 3600;

/**
 * Takes every trace that is newer than what the detection has seen through it. What it finds waits in the store, together with
 * the state that it came from, so that a process that is killed neither loses nor repeats anything. A mistake of our own is a
 * problem of the one test.
 */
export async function detectTests(
  store: Store,
  groups: readonly DetectionGroup[],
  { overlapSeconds, ...policy }: DetectionConfig,
  session: Session,
): Promise<Problem[]> {
  const due = groups.filter(isDue);
  if (due.length === 0) return [];
  const problems: Problem[] = [];
  const context: DetectionContext = {
    store,
    policy,
    replaySpanSeconds: Math.max(minReplaySpanSeconds, overlapSeconds),
    responders: store.responders(),
    now: session.now,
    watchedSince: store.detectionStates.watchedSince(),
    underPolicy: store.detectionStates.testsWithPolicyState(),
    openRouteChanges: Map.groupBy(store.changes.listOpen(routeClasses), ({ testId }) => testId),
    queuedFindings: Map.groupBy(
      store.detectionStates.pendingFindings() as Finding[],
      findingTestId,
    ),
  };
  await processInBatches(store, due, 'changes', session, (group) => {
    try {
      const result = detectTest(group, context);
      store.transaction(() => storeResult(store, group, result));
    } catch (error) {
      problems.push(toContainedProblem(error, group.lead.id, session));
    }
  });
  return problems;
}

function isDue(group: DetectionGroup): group is DueGroup {
  const { newestAt, until, lateAt } = group;
  if (newestAt === null || until === null) return newestAt !== null;
  return newestAt > until || (newestAt === until && lateAt !== null);
}

function storeResult(
  { detectionStates, lateArrivals }: Store,
  { all, newestAt, lateIds }: DueGroup,
  { testId, detection, replayed, isCheckpoint, watchFrom, policyState, findings }: DetectionResult,
): void {
  if (replayed !== null)
    lateArrivals.replaceCheckpoints(testId, replayed.since, replayed.checkpoint);
  else if (isCheckpoint) lateArrivals.saveCheckpoint(testId);
  for (const id of lateIds) lateArrivals.clear(id);
  for (const { id, newestTraceAt } of all) {
    if (newestTraceAt !== null && newestTraceAt < newestAt)
      lateArrivals.markLateFrom(id, newestTraceAt + startResolution);
  }
  detectionStates.save(testId, detection);
  if (watchFrom !== null) detectionStates.startWatching(testId, watchFrom);
  if (policyState !== null) detectionStates.setPolicyState(testId, policyState);
  detectionStates.queueFindings(findings);
}
