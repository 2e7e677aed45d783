import type { Problem } from '../../model/run/problem.ts';
import { maxListedTests } from '../../sources/esmond/listTests.ts';
import type { Store } from '../../store/store.ts';

/** The tests of an archive that the store takes. */
export interface Admission {
  /** Those of some tests that the store has, or has room for. */
  admit<Test extends { readonly id: string }>(tests: readonly Test[]): readonly Test[];
  /** One problem for all tests that were refused; empty for none. */
  problems(): Problem[];
}

/**
 * Bounds the tests of one archive. An archive that makes up a new key for each result would
 * otherwise make every later run slower.
 */
export function createAdmission(
  archive: string,
  store: Pick<Store, 'tests'>,
  maxTests = maxListedTests,
): Admission {
  const stored = store.tests().filter((test) => test.archive === archive);
  const admitted = new Set(stored.map(({ id }) => id));
  const refused = new Set<string>();
  return {
    admit: (tests) =>
      tests.filter(({ id }) => {
        const isAdmitted = admitted.has(id) || admitted.size < maxTests;
        (isAdmitted ? admitted : refused).add(id);
        return isAdmitted;
      }),
    problems: () => (refused.size === 0 ? [] : [fullProblem(archive, refused.size, maxTests)]),
  };
}

function fullProblem(subject: string, refused: number, maxTests: number): Problem {
  return {
    kind: 'invalid-response',
    subject,
    message: `The archive has more than ${maxTests} tests. ${refused} of them are not read.`,
    remedy:
      'pstrace deletes tests that never had a result after three days without a listing; "pstrace tests" manages the others.',
  };
}
