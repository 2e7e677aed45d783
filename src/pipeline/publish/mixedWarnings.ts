import type { Problem } from '../../model/run/problem.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import { testText } from '../../model/test/testText.ts';
import { logProblems, newWarnings } from '../problems.ts';
import type { RunContext } from '../runContext.ts';
import { allRunsLimit } from '../runRecord.ts';

/** Records a warning for each mixed test, and logs those that the last run did not have. */
export function warnOfMixedTests(
  summaries: readonly TestSummary[],
  { store, record, session }: Pick<RunContext, 'store' | 'record' | 'session'>,
): void {
  const warnings = mixedWarnings(summaries);
  logProblems(newWarnings(warnings, store.runs(allRunsLimit)), session.log);
  record.addWarnings(warnings);
}

/** A warning for each test whose traces are those of two hosts. */
export function mixedWarnings(summaries: readonly TestSummary[]): Problem[] {
  return summaries
    .filter(({ state }) => state === 'untested')
    .map(({ test }) => ({
      kind: 'invalid-response',
      subject: test.id,
      message: `${testText(test)} mixes the results of two hosts: the archive stores both under one key, because their task states no source.`,
      remedy:
        'Give the task an explicit source on each host, or let pstrace read the OpenSearch of the archive.',
    }));
}
