import type { TestSummary } from '../../model/site/analysis.ts';
import { stateRank } from '../../model/site/analysis.ts';
import { endpointDisplayName } from '../../model/test/testText.ts';
import { familyLabel } from '../../model/values/format.ts';
import { testHref } from '../matrix/matrixCell.ts';
import { createNumbering } from '../numbering.ts';

/** A node or link lists at most this many tests, the worst, so that the page stays small. */
const maxTests = 3000;
const maxListed = 10;

/** A test as a link. */
export interface TestLink {
  readonly href: string;
  readonly text: string;
}

/** Numbers for the tests of a page, because its lists repeat them thousands of times. */
export interface TestRegister {
  /** Numbers of tests, worst state first, comma-separated. */
  list(testIds: readonly string[]): string;
  /** The worst tests as links. */
  links(testIds: readonly string[], most: number): TestLink[];
  /** Host names by number, as JSON. */
  hosts(): string;
  /** All tests listed so far, by number: `id source destination family state`, separated by `;`. */
  tests(): string;
}

/** Creates the register of the tests that have a route. */
export function createTestRegister(summaries: readonly TestSummary[]): TestRegister {
  const byId = new Map(summaries.map((summary) => [summary.test.id, summary]));
  const hosts = createNumbering();
  const tests = createNumbering();
  const maxPerList = summaries.length > maxTests ? maxListed : Number.POSITIVE_INFINITY;
  const worstFirst = (testIds: readonly string[]): TestSummary[] =>
    testIds
      .flatMap((id) => byId.get(id) ?? [])
      .sort((a, b) => stateRank(a.state) - stateRank(b.state));
  return {
    list: (testIds) =>
      worstFirst(testIds)
        .slice(0, maxPerList)
        .map(({ test }) => tests.numberOf(test.id))
        .join(),
    links: (testIds, count) =>
      worstFirst(testIds)
        .slice(0, count)
        .map(({ test }) => ({
          href: testHref(test.id),
          text: `${endpointDisplayName(test.source)} to ${endpointDisplayName(test.destination)}, ${familyLabel(test.family)}`,
        })),
    tests: () =>
      Array.from(tests.values.keys(), (id) => {
        const { test, state } = byId.get(id) as TestSummary;
        const ends = [
          hosts.numberOf(endpointDisplayName(test.source)),
          hosts.numberOf(endpointDisplayName(test.destination)),
        ];
        return [id, ...ends, test.family, state].join(' ');
      }).join(';'),
    hosts: () => JSON.stringify([...hosts.values.keys()]),
  };
}
