import { usageError } from '../../lib/usageError.ts';
import type { IncidentMember } from '../../model/incident/incident.ts';
import { matchesTest } from '../../model/test/selection.ts';
import { pairText } from '../../model/test/testText.ts';
import type { Store } from '../../store/store.ts';
import { parsePattern } from './parsePattern.ts';

/**
 * The members of an incident whose test matches a pattern; null matches all. Throws a `UsageError`
 * if there is none.
 */
export function selectMembers(
  members: readonly IncidentMember[],
  patternText: string | null,
  store: Store,
): readonly IncidentMember[] {
  if (patternText === null) return members;
  const pattern = parsePattern(patternText);
  const tests = new Map(store.tests().map((test) => [test.id, test]));
  const selected = members.filter(({ testId }) => {
    const test = tests.get(testId);
    return test !== undefined && matchesTest(pattern, test);
  });
  if (selected.length > 0) return selected;
  const names = new Set(members.flatMap(({ testId }) => tests.get(testId) ?? []).map(pairText));
  throw usageError(
    `No test of the incident matches ${JSON.stringify(pattern)}.`,
    `Its tests are: ${[...names].join(', ')}.`,
  );
}
