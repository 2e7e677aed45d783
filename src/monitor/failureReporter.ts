import type { Log } from '../lib/log.ts';
import { formatProblem } from '../pipeline/problems.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/**
 * Creates a function that logs when a step starts to fail, fails for another reason, or succeeds
 * again. Repeated failures are not logged.
 */
export function createFailureReporter(log: Log): (record: MonitorRecord) => void {
  const failing = new Map<string, string>();
  return ({ test, statistic, host, result }) => {
    const key = `${test} ${statistic}`;
    const previous = failing.get(key);
    if (!('error' in result)) {
      if (failing.delete(key)) log.warn(`${host}: ${statistic} works again`);
      return;
    }
    const { error: message, remedy } = result;
    if (message === previous) return;
    failing.set(key, message);
    log.warn(formatProblem({ kind: 'unreachable', subject: host, message, remedy }));
  };
}
