import { type Finding, findingTestId, routeClasses } from '../../analysis/detection/finding.ts';
import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/run/problem.ts';
import { hourSeconds } from '../../model/values/time.ts';
import type { Store } from '../../store/store.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import { processInBatches } from '../batches.ts';
import { outOfTimeProblem, toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import type { DetectionContext, DetectionResult } from './detectionContext.ts';
import { type DetectionGroup, type DueGroup, isDue } from './detectionGroups.ts';
import { detectTest } from './detectTest.ts';

type DetectionConfig = Pick<
  Config,
  'policies' | 'groups' | 'overlapSeconds' | 'acceptAfterSeconds' | 'runLimitSeconds'
>;

/** Share of the limit of a run that the detection has in addition. */
const detectionShare = 1 / 4;

/** Results that arrive no later than this are detected as if they had arrived in time. */
const minReplaySpanSeconds = 3 * hourSeconds;

/**
 * Detects changes in the new traces of all groups. Stores findings together with the state behind
 * them, so a killed process neither loses nor repeats any. A bug in one test becomes a problem; the
 * others go on. Begins with the tests that are furthest behind: what it does not reach within its
 * time, the next run detects.
 */
export async function detectTests(
  store: Store,
  groups: readonly DetectionGroup[],
  { overlapSeconds, acceptAfterSeconds, runLimitSeconds, ...policy }: DetectionConfig,
  session: Session,
): Promise<Problem[]> {
  const due = groups
    .filter((group) => isDue(group, store))
    .sort((a, b) => (a.until ?? 0) - (b.until ?? 0));
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
  const limitSeconds = runLimitSeconds * detectionShare;
  const limited = { ...session, limitSeconds };
  const done = await processInBatches(store, due, 'changes', limited, (group) => {
    try {
      const result = detectTest(group, context);
      store.transaction(() => storeResult(store, group, result));
    } catch (error) {
      problems.push(toContainedProblem(error, group.test.id, session));
    }
  });
  if (done < due.length) problems.push(unfinishedProblem(limitSeconds, done, due.length));
  return problems;
}

function unfinishedProblem(seconds: number, done: number, due: number): Problem {
  const missing = `New results of ${due - done} of ${due} tests wait for the next run.`;
  return outOfTimeProblem('changes', seconds, missing, 'the detection of changes');
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
