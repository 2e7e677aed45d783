import { detailFields, type Log } from '../../lib/log.ts';
import type { Failure } from '../../model/trace/trace.ts';
import { isoTime } from '../../model/values/format.ts';

/** Logs the words of the hosts whose runs failed; the store and the pages have only the reasons. */
export function logFailedRuns(test: string, failures: readonly Failure[], log: Log): void {
  for (const failure of failures) {
    const { at, error, detail } = failure;
    if (detail) log.debug('failed run', { test, at: isoTime(at), error, ...detailFields(failure) });
  }
}
