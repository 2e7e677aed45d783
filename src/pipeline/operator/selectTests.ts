import { groupKeys } from '../../analysis/testIdentity.ts';
import { usageError } from '../../lib/usageError.ts';
import { matchesTest } from '../../model/test/selection.ts';
import type { Store } from '../../store/store.ts';
import type { KnownTest } from '../knownTests.ts';
import { parsePattern } from './parsePattern.ts';

const listCommand = 'pstrace tests list --all';

/**
 * The stored tests that any of the patterns selects, each once, by id; all without a pattern. An id
 * of one of its keys selects a test too. Throws a `UsageError` for a pattern that selects none.
 */
export function selectTests(store: Store, patternTexts: readonly string[]): KnownTest[] {
  const tests = groupKeys(store.tests());
  if (patternTexts.length === 0) return tests;
  const selected = new Set<KnownTest>();
  for (const pattern of patternTexts.map(parsePattern)) {
    const matching = tests.filter((test) =>
      [test, ...test.keys].some((each) => matchesTest(pattern, each)),
    );
    if (matching.length === 0)
      throw usageError(`No stored test matches ${pattern}.`, `List them: ${listCommand}.`);
    for (const test of matching) selected.add(test);
  }
  return tests.filter((test) => selected.has(test));
}

/** The only stored test that a pattern selects. Throws a `UsageError` for none or several. */
export function selectTest(store: Store, patternText: string): KnownTest {
  const [only, ...others] = selectTests(store, [patternText]);
  if (only === undefined || others.length > 0) {
    throw usageError(
      `${others.length + 1} stored tests match ${patternText}.`,
      `Give the id of one test: ${listCommand}.`,
    );
  }
  return only;
}
