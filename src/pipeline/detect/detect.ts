import type { CollectResult } from '../collect/collect.ts';
import { logProblems } from '../problems.ts';
import type { RunContext } from '../runContext.ts';
import { detectChanges } from './detectChanges.ts';

/**
 * Detects changes in the new traces and plans the notifications about them, as of `now` (epoch
 * seconds). What goes wrong becomes a problem of the run.
 */
export async function detect(
  { store, config, notifier, record, session }: RunContext,
  { plan }: CollectResult,
  now = session.now,
): Promise<void> {
  const problems = await detectChanges(store, config, { ...session, now }, () =>
    notifier.plan(store, plan, now),
  );
  record.addProblems(problems);
  logProblems(problems, session.log);
}
