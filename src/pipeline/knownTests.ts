import { groupKeys, type WholeTest } from '../analysis/testIdentity.ts';
import type { TestKey } from '../model/test/test.ts';
import type { StoredTest } from '../store/traces/storedTest.ts';

/** A test with the keys under which archives store it. */
export type KnownTest = WholeTest<StoredTest>;

/** The keys of a test, the first one first. */
export type TestKeys = readonly StoredTest[];

/** The tests by their id, and by the id of each of their keys. */
export function testsById(all: readonly StoredTest[]): Map<string, StoredTest> {
  return new Map(
    groupKeys(all).flatMap(({ keys, ...test }) => keys.map(({ id }) => [id, test] as const)),
  );
}

/** All keys of a test, by the id of each of them. */
export function keysById(all: readonly StoredTest[]): Map<string, TestKeys> {
  return new Map(groupKeys(all).flatMap(({ keys }) => keys.map(({ id }) => [id, keys] as const)));
}

/** A key as the pages show it. */
export function toTestKey({
  archive,
  key,
  parameters,
  firstTraceAt,
  newestTraceAt,
}: StoredTest): TestKey {
  return { archive, key, parameters, firstTraceAt, newestTraceAt };
}

/** The retired ones of all tests. */
export function retiredTests(all: readonly StoredTest[]): KnownTest[] {
  return groupKeys(all).filter(({ retired }) => retired !== null);
}
