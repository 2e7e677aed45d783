import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { loadDetectionGroups } from './detectionGroups.ts';
import { detectTests } from './detectTests.ts';
import { recordIncidents } from './recordIncidents.ts';
import { updateTestActivity } from './testActivity.ts';

/** Configuration of the detection. */
export type DetectChangesConfig = Pick<
  Config,
  'policies' | 'groups' | 'overlapSeconds' | 'acceptAfterSeconds' | 'runLimitSeconds'
>;

/**
 * Finds the changes since the last run: passes new traces through the detection, checks which
 * tests still deliver, and records the findings in incidents. `planNotifications` follows in a
 * transaction of its own: what goes wrong there costs no incident, and the next run plans it again.
 * Returns the problems.
 */
export async function detectChanges(
  store: Store,
  config: DetectChangesConfig,
  session: Session,
  planNotifications: () => readonly Problem[],
): Promise<Problem[]> {
  const { now } = session;
  const groups = loadDetectionGroups(store, now);
  const problems: Problem[] = [];
  // A bug here costs no page: the findings wait in the store for a version that can record them.
  const attempt = async (work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      problems.push(toContainedProblem(error, 'changes', session));
    }
  };
  await attempt(async () => {
    problems.push(...(await detectTests(store, groups, config, session)));
  });
  await attempt(() => updateTestActivity(store, groups, now));
  await attempt(() => store.transaction(() => recordIncidents(store, now)));
  await attempt(() => problems.push(...store.transaction(planNotifications)));
  return problems;
}
