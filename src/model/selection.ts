import type { Test } from './test.ts';

/** Tests under one name, for filters and policies. `tests` are patterns as `selects` reads them. */
export interface TestGroup {
  readonly name: string;
  readonly tests: readonly string[];
}

/** Whether `text` fits `pattern`, in which `*` stands for any characters, also none. Letters of either case are equal. */
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
 * Whether a pattern selects a test. `source > destination`: both ends fit, each by name or address; any other pattern: the
 * test's id or one of its ends fits. `*` stands for any characters.
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
