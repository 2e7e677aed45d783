import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/problem.ts';
import { startResolution } from '../../store/spans.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/tests.ts';
import { inBatches } from '../inBatches.ts';
import { containedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { twins } from '../twins.ts';
import { type Detected, type Detecting, type DueGroup, detectTest } from './detectTest.ts';
import { type Finding, routeClasses, testOf } from './finding.ts';

/** A test as all archives that keep it know it, and which of them the detection goes by. */
export interface WatchedGroup {
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
export function watchedGroups(store: Store, now: number): WatchedGroup[] {
  const untils = store.detections.untils();
  const late = store.lateness.earliest();
  return twins(store.tests()).flatMap((all) => {
    const lead = all.find(({ id }) => untils.has(id)) ?? all[0];
    if (lead === undefined) return [];
    const starts = all.flatMap(({ newestTraceAt }) => newestTraceAt ?? []);
    const newestAt = starts.length === 0 ? null : Math.min(now, Math.max(...starts));
    const until = untils.get(lead.id) ?? null;
    const lateIds = all.flatMap(({ id }) => (late.has(id) ? id : []));
    const lateAt = Math.min(...lateIds.map((id) => late.get(id) ?? Number.POSITIVE_INFINITY));
    const passed = until !== null && lateAt <= until;
    return [{ lead, all, newestAt, until, lateIds, lateAt: passed ? lateAt : null }];
  });
}

/** What the detection goes by. */
type DetectionConfig = Pick<Config, 'policies' | 'groups' | 'overlapSeconds'>;

/** Results that come no later than this are looked at as if they had come in time. */
const leastAgainSeconds = 3 * 3600;

/**
 * Takes every trace that is newer than what the detection has seen through it. What it finds waits in the store, together with
 * the state that it came from, so that a process that is killed neither loses nor repeats anything. A mistake of our own is a
 * problem of the one test.
 */
export async function detectTests(
  store: Store,
  groups: readonly WatchedGroup[],
  { overlapSeconds, ...policy }: DetectionConfig,
  session: Session,
): Promise<Problem[]> {
  const due = groups.filter(isDue);
  if (due.length === 0) return [];
  const problems: Problem[] = [];
  const detecting: Detecting = {
    store,
    policy,
    againSeconds: Math.max(leastAgainSeconds, overlapSeconds),
    responders: store.responders(),
    now: session.now,
    watchedSince: store.detections.watchedSince(),
    underPolicy: store.detections.underPolicy(),
    lasting: Map.groupBy(store.changes.lasting(routeClasses), ({ testId }) => testId),
    waiting: Map.groupBy(store.detections.queued() as Finding[], testOf),
  };
  await inBatches(store, due, 'changes', session, (group) => {
    try {
      const detected = detectTest(group, detecting);
      store.transaction(() => keep(store, group, detected));
    } catch (error) {
      problems.push(containedProblem(error, group.lead.id, session));
    }
  });
  return problems;
}

function isDue(group: WatchedGroup): group is DueGroup {
  const { newestAt, until, lateAt } = group;
  if (newestAt === null || until === null) return newestAt !== null;
  return newestAt > until || (newestAt === until && lateAt !== null);
}

function keep(
  { detections, lateness }: Store,
  { all, newestAt, lateIds }: DueGroup,
  { testId, kept, again, isPast, watchFrom, policyState, findings }: Detected,
): void {
  if (again !== null) lateness.replace(testId, again.since, again.past);
  else if (isPast) lateness.remember(testId);
  for (const id of lateIds) lateness.settle(id);
  for (const { id, newestTraceAt } of all) {
    if (newestTraceAt !== null && newestTraceAt < newestAt)
      lateness.lags(id, newestTraceAt + startResolution);
  }
  detections.save(testId, kept);
  if (watchFrom !== null) detections.watchFrom(testId, watchFrom);
  if (policyState !== null) detections.setPolicy(testId, policyState);
  detections.queue(findings);
}
