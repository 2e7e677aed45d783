import type { StreamedTest, TestDescription } from '../types.ts';

/**
 * Remembers the addresses of tests. Where a name did not resolve, a document lacks its address;
 * the result belongs to the test of the same key, tool and source all the same.
 */
export function createEndResolver(
  known: readonly StreamedTest[],
): (test: TestDescription) => TestDescription {
  const complete = new Map<string, Pick<TestDescription, 'id' | 'destination'>>();
  const keyOf = ({ key, tool, source }: StreamedTest) => `${key} ${tool} ${source.address}`;
  for (const test of known) if (test.destination.address !== null) complete.set(keyOf(test), test);
  return (test) => {
    if (test.destination.address !== null) {
      complete.set(keyOf(test), test);
      return test;
    }
    const resolved = complete.get(keyOf(test));
    return resolved === undefined
      ? test
      : { ...test, id: resolved.id, destination: resolved.destination };
  };
}
