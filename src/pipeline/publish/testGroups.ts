import { groupKeys } from '../../analysis/testIdentity.ts';
import { groupNamesOf, type TestGroup } from '../../model/test/selection.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';

/** A group of the configuration with the ids of its tests. */
export interface TestsOfGroup {
  readonly name: string;
  readonly testIds: ReadonlySet<string>;
}

/** The members of each group; `idOf` gives the id of a test on the pages. */
export function testsOfGroups(
  keys: readonly StoredTest[],
  groups: readonly TestGroup[],
  idOf: (id: string) => string,
): TestsOfGroup[] {
  const tests = groupKeys(keys);
  return groups.map((group) => {
    const members = tests.filter((test) => groupNamesOf(test, [group]).length > 0);
    return { name: group.name, testIds: new Set(members.map(({ id }) => idOf(id))) };
  });
}
