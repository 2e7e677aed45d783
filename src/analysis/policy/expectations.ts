import { type SelectedBy, selectedBy, type TestGroup } from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';
import type { Expectations, PolicyRule } from './policy.ts';

/** More specific rules last: they win. */
const closeness: readonly SelectedBy[] = ['all', 'group', 'test'];

/**
 * The expectations of a test. For each kind of expectation the most specific rule applies: one for
 * the test, then one for its group, then one for all tests; among equals, the later one.
 */
export function expectationsOf(
  test: Test,
  rules: readonly PolicyRule[],
  groups: readonly TestGroup[],
): Expectations {
  const fitting = rules
    .map((rule) => ({ rule, close: closeness.indexOf(selectedBy(rule, test, groups)) }))
    .filter(({ close }) => close >= 0)
    .sort((a, b) => a.close - b.close);
  const expected: Record<string, unknown> = {};
  for (const { rule } of fitting) {
    const { tests: _tests, groups: _groups, ...given } = rule;
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined) expected[name] = value;
    }
  }
  return expected;
}
