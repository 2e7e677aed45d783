import { mergeTraces } from '../analysis/duplicateTests.ts';
import { finalizePeriods } from '../analysis/window/finalizedPeriods.ts';
import type { StoredRoutePeriod } from '../model/analysis.ts';
import type { Interval, Responder } from '../model/trace.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/traces/tests.ts';

/** One test as every archive that stores it knows it. */
export type DuplicateTests = readonly StoredTest[];

/** Where to look for route periods of a test: in which traces, and for which span of them. */
interface PeriodSpan {
  readonly window: Interval;
  readonly span: Interval;
}

/** Finds the route periods within `span` from the traces of `window`, of all archives together. */
export function periodsWithin(
  store: Pick<Store, 'traces'>,
  duplicates: DuplicateTests,
  { window, span }: PeriodSpan,
  responders: ReadonlyMap<string, Responder>,
): StoredRoutePeriod[] {
  const [test] = duplicates;
  if (test === undefined) return [];
  const traces = mergeTraces(duplicates.map(({ id }) => store.traces(id, window)));
  return finalizePeriods({ test, traces, responders }, span);
}
