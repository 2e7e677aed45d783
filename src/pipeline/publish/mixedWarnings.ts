import type { Problem } from '../../model/run/problem.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import { testText } from '../../model/test/testText.ts';

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
