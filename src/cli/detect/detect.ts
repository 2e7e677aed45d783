import type { Config } from '../../config/load.ts';
import type { Problem } from '../../model/problem.ts';
import type { Store } from '../../store/store.ts';
import type { ClockFindings } from '../clocks.ts';
import { containedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { detectTests, watchedGroups } from './detectTests.ts';
import { gatherFindings } from './gather.ts';
import { watchLives } from './lives.ts';

/**
 * Finds what has changed since the last time: takes new traces through the detection, looks which tests live, and takes what is
 * found into incidents. `tell` plans who is told; incidents and messages are kept together or not at all.
 */
export async function detect(
  store: Store,
  config: Pick<Config, 'policies' | 'groups' | 'overlapSeconds'>,
  { isDoubtful }: Pick<ClockFindings, 'isDoubtful'>,
  session: Session,
  tell: (now: number) => void,
): Promise<Problem[]> {
  const { now } = session;
  const groups = watchedGroups(store, now);
  const problems: Problem[] = [];
  // A mistake of our own here costs no page: what was found waits in the store until a version takes it in.
  const attempt = async (work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      problems.push(containedProblem(error, 'changes', session));
    }
  };
  await attempt(async () => {
    problems.push(...(await detectTests(store, groups, config, session)));
  });
  // By a clock that is ahead every test has been silent for long.
  if (!isDoubtful) await attempt(() => watchLives(store, groups, now));
  await attempt(() =>
    store.transaction(() => {
      gatherFindings(store, now);
      tell(now);
    }),
  );
  return problems;
}
