import type { TestSummary } from '../../model/site/analysis.ts';
import { insist } from '../insist.ts';
import { logProblems } from '../problems.ts';
import type { RunContext } from '../runContext.ts';
import { writeMonitoringFiles } from './monitoringFiles.ts';

/**
 * Writes the files for monitoring systems and delivers the pending notifications. `summaries`: the
 * present state of the tests; null leaves the files as they are. What goes wrong becomes a problem
 * of the run; the status page of the next run shows it, with the outcome of the deliveries.
 */
export async function notify(
  {
    store,
    config,
    window,
    record,
    notifier,
    session,
  }: Pick<RunContext, 'store' | 'config' | 'window' | 'record' | 'notifier' | 'session'>,
  summaries: readonly TestSummary[] | null,
): Promise<void> {
  const isPresent = window.to >= session.now;
  const now = session.clock();
  const run = { outcome: record.outcome, durationSeconds: Math.max(0, now - session.now) };
  const problems = [
    ...(summaries !== null && isPresent
      ? writeMonitoringFiles(store, summaries, config, { now, run })
      : []),
    ...(await notifier.deliver(store)),
  ];
  logProblems(problems, session.log);
  await insist(() => record.addProblems(problems), session.signal);
}
