import type { Test } from './test.ts';

/** Tests under one name, for filters and policies. `tests` are patterns as `selects` reads them. */
export interface TestGroup {
  readonly name: string;
  readonly tests: readonly string[];
}

/** Whether `text` fits `pattern`, in which `*` stands for any characters, also none. Letters of either case are equal. */
export function fits(pattern: string, text: string): boolean {
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
export function selects(pattern: string, test: Test): boolean {
  const [source = '', destination, ...rest] = pattern.split('>').map((part) => part.trim());
  if (destination === undefined || rest.length > 0) {
    return (
      fits(source, test.id) || endFits(source, test.source) || endFits(source, test.destination)
    );
  }
  return endFits(source, test.source) && endFits(destination, test.destination);
}

function endFits(pattern: string, end: Test['source']): boolean {
  return fits(pattern, end.name) || (end.address !== null && fits(pattern, end.address));
}

/** Names of the groups that a test belongs to. */
export function groupsOf(test: Test, groups: readonly TestGroup[]): string[] {
  return groups
    .filter((group) => group.tests.some((pattern) => selects(pattern, test)))
    .map(({ name }) => name);
}
