import { assignKeys, groupKeys, isSameElsewhere, takeTurns } from '../../analysis/testIdentity.ts';
import { intervalOf } from '../../analysis/window/freshness.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import type { KnownTest } from '../knownTests.ts';

/**
 * Decides which test each new key names, and corrects earlier decisions that proved wrong. Returns
 * the tests.
 */
export function nameKeys(store: Store): KnownTest[] {
  assignNewKeys(store);
  const tests = groupKeys(store.tests());
  return separateParallelKeys(store, tests) ? groupKeys(store.tests()) : tests;
}

function assignNewKeys(store: Store): void {
  const keys = store.tests();
  const stored = new Map(keys.map(({ id, sameAs }) => [id, sameAs]));
  const isNew = ([key, id]: [string, string]) => stored.get(key) !== id;
  store.identities.assign(new Map([...assignKeys(keys)].filter(isNew)));
}

/** So many intervals show whether two keys are measured side by side. */
const turnIntervals = 10;

/**
 * Makes later keys of a test tests of their own again if they are measured side by side: an earlier
 * key fell silent and came back. Returns whether there are any.
 */
function separateParallelKeys(store: Store, tests: readonly KnownTest[]): boolean {
  const parallel = tests.flatMap(({ keys }) =>
    keys.filter((key, index) => {
      const earlier = keys.slice(0, index).filter((each) => !isSameElsewhere(each, key));
      return earlier.some((each) => areParallel(each, key, store));
    }),
  );
  for (const { id } of parallel) store.identities.separate(id);
  return parallel.length > 0;
}

function areParallel(a: StoredTest, b: StoredTest, store: Store): boolean {
  if (a.newestTraceAt === null || b.newestTraceAt === null) return false;
  const interval = Math.max(intervalOf(a), intervalOf(b));
  if (isOverdue(Math.abs(a.newestTraceAt - b.newestTraceAt), interval)) return false;
  const to = Math.max(a.newestTraceAt, b.newestTraceAt);
  const span = { from: to - turnIntervals * interval, to };
  const startsOf = ({ id }: StoredTest) => store.traces(id, span).map(({ startedAt }) => startedAt);
  return takeTurns(startsOf(a), startsOf(b));
}
