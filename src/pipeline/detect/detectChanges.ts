import type { Session } from '../../cli/session.ts';
import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/problem.ts';
import type { Store } from '../../store/store.ts';
import type { ClockCheck } from '../collect/clocks.ts';
import { toContainedProblem } from '../problems.ts';
import { detectTests, loadDetectionGroups } from './detectTests.ts';
import { recordIncidents } from './recordIncidents.ts';
import { updateTestActivity } from './testActivity.ts';

/**
 * Finds what has changed since the last time: takes new traces through the detection, looks which tests live, and takes what is
 * found into incidents. `tell` plans who is told; incidents and messages are kept together or not at all.
 */
export async function detectChanges(
  store: Store,
  config: Pick<Config, 'policies' | 'groups' | 'overlapSeconds'>,
  { isHostClockWrong }: Pick<ClockCheck, 'isHostClockWrong'>,
  session: Session,
  planNotifications: (now: number) => void,
): Promise<Problem[]> {
  const { now } = session;
  const groups = loadDetectionGroups(store, now);
  const problems: Problem[] = [];
  // A mistake of our own here costs no page: what was found waits in the store until a version takes it in.
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
  // By a clock that is ahead every test has been silent for long.
  if (!isHostClockWrong) await attempt(() => updateTestActivity(store, groups, now));
  await attempt(() =>
    store.transaction(() => {
      recordIncidents(store, now);
      planNotifications(now);
    }),
  );
  return problems;
}
