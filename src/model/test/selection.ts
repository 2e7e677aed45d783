import type { Test } from './test.ts';

/** Tests under one name, for filters and policies. `tests` holds patterns for `matchesTest`. */
export interface TestGroup {
  readonly name: string;
  readonly tests: readonly string[];
}

/** The tests that a block of the configuration concerns; two empty lists concern all tests. */
export interface TestSelection {
  /** Patterns for `matchesTest`. */
  readonly tests: readonly string[];
  /** Names of groups. */
  readonly groups: readonly string[];
}

/**
 * Whether `text` matches `pattern`, in which `*` matches any number of characters. Case does not
 * matter.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const found = text.toLowerCase();
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < found.length) {
    if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (at < wanted.length && wanted[at] === found[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}

/**
 * Whether a pattern matches a test. `source > destination` matches if both ends do, each by name or
 * address; any other pattern matches if the id of the test or one of its ends does.
 */
export function matchesTest(pattern: string, test: Test): boolean {
  const [source = '', destination, ...rest] = pattern.split('>').map((part) => part.trim());
  if (destination === undefined || rest.length > 0) {
    return (
      matchesGlob(source, test.id) ||
      matchesEndpoint(source, test.source) ||
      matchesEndpoint(source, test.destination)
    );
  }
  return matchesEndpoint(source, test.source) && matchesEndpoint(destination, test.destination);
}

function matchesEndpoint(pattern: string, end: Test['source']): boolean {
  return (
    matchesGlob(pattern, end.name) || (end.address !== null && matchesGlob(pattern, end.address))
  );
}

/** Names of the groups that a test belongs to. */
export function groupNamesOf(test: Test, groups: readonly TestGroup[]): string[] {
  return groups
    .filter((group) => group.tests.some((pattern) => matchesTest(pattern, test)))
    .map(({ name }) => name);
}

/**
 * The part of a selection that matches a test: a pattern, a group, or its lack of both; null for no
 * match.
 */
export type SelectedBy = 'test' | 'group' | 'all' | null;

/** The part of a selection that matches a test: one pattern or group is enough. */
export function selectedBy(
  { tests, groups }: TestSelection,
  test: Test,
  definitions: readonly TestGroup[],
): SelectedBy {
  if (tests.some((pattern) => matchesTest(pattern, test))) return 'test';
  if (isInGroups(groups, test, definitions)) return 'group';
  return tests.length === 0 && groups.length === 0 ? 'all' : null;
}

/** Whether a test matches every list of a selection that is not empty. */
export function isWithinSelection(
  { tests, groups }: TestSelection,
  test: Test,
  definitions: readonly TestGroup[],
): boolean {
  return (
    (tests.length === 0 || tests.some((pattern) => matchesTest(pattern, test))) &&
    (groups.length === 0 || isInGroups(groups, test, definitions))
  );
}

function isInGroups(
  names: readonly string[],
  test: Test,
  definitions: readonly TestGroup[],
): boolean {
  return names.length > 0 && groupNamesOf(test, definitions).some((name) => names.includes(name));
}
