import { groupNamesOf, matchesTest, type TestGroup } from '../../model/selection.ts';
import type { Test } from '../../model/test.ts';
import type { Expectations, PolicyRule } from './policy.ts';

/**
 * What is expected of a test: of each kind of expectation the one that is closest to it, a rule for the test itself before one
 * for its group before one for all; among equals the later one.
 */
export function expectationsOf(
  test: Test,
  rules: readonly PolicyRule[],
  groups: readonly TestGroup[],
): Expectations {
  const own = groupNamesOf(test, groups);
  const closeness = ({ tests, groups: ofGroups }: PolicyRule): number => {
    if (tests.some((pattern) => matchesTest(pattern, test))) return 2;
    if (ofGroups.some((name) => own.includes(name))) return 1;
    return tests.length === 0 && ofGroups.length === 0 ? 0 : -1;
  };
  const fitting = rules
    .map((rule) => ({ rule, close: closeness(rule) }))
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
