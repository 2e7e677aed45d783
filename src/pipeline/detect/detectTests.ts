import { type Finding, findingTestId, routeClasses } from '../../analysis/detection/finding.ts';
import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/run/problem.ts';
import { hourSeconds } from '../../model/values/time.ts';
import type { Store } from '../../store/store.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import { processInBatches } from '../batches.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import type { DetectionContext, DetectionResult } from './detectionContext.ts';
import { type DetectionGroup, type DueGroup, isDue } from './detectionGroups.ts';
import { detectTest } from './detectTest.ts';

type DetectionConfig = Pick<
  Config,
  'policies' | 'groups' | 'overlapSeconds' | 'acceptAfterSeconds'
>;

/** Results that arrive no later than this are detected as if they had arrived in time. */
const minReplaySpanSeconds = 3 * hourSeconds;

/**
 * Detects changes in the new traces of all groups. Stores findings together with the state behind
 * them, so a killed process neither loses nor repeats any. A bug in one test becomes a problem; the
 * others go on.
 */
export async function detectTests(
  store: Store,
  groups: readonly DetectionGroup[],
  { overlapSeconds, acceptAfterSeconds, ...policy }: DetectionConfig,
  session: Session,
): Promise<Problem[]> {
  const due = groups.filter((group) => isDue(group, store));
  if (due.length === 0) return [];
  const problems: Problem[] = [];
  const context: DetectionContext = {
    store,
    policy,
    settings: { acceptAfterSeconds },
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
      problems.push(toContainedProblem(error, group.test.id, session));
    }
  });
  return problems;
}

function storeResult(
  { detectionStates, lateArrivals }: Store,
  { test, newestAt, lateIds }: DueGroup,
  { testId, detection, replayed, isCheckpoint, watchFrom, policyState, findings }: DetectionResult,
): void {
  if (replayed !== null)
    lateArrivals.replaceCheckpoints(testId, replayed.since, replayed.checkpoint);
  else if (isCheckpoint) lateArrivals.saveCheckpoint(testId);
  for (const id of lateIds) lateArrivals.clear(id);
  for (const { id, newestTraceAt } of test.keys) {
    if (newestTraceAt !== null && newestTraceAt < newestAt)
      lateArrivals.markLateFrom(id, newestTraceAt + startResolution);
  }
  detectionStates.save(testId, detection);
  if (watchFrom !== null) detectionStates.startWatching(testId, watchFrom);
  if (policyState !== null) detectionStates.setPolicyState(testId, policyState);
  detectionStates.queueFindings(findings);
}
