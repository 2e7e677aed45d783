import { mergeTraces } from '../analysis/duplicateTests.ts';
import { finalizePeriods } from '../analysis/window/finalizedPeriods.ts';
import type { StoredRoutePeriod } from '../model/analysis.ts';
import type { Interval, Responder } from '../model/trace.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/traces/tests.ts';

/** The same test as stored by each of its archives, the leading one first. */
export type DuplicateTests = readonly StoredTest[];

/** The window of traces to read, and the span in which to find route periods. Epoch seconds. */
interface PeriodSpan {
  readonly window: Interval;
  readonly span: Interval;
}

/** Finds the route periods within `span` from the traces that all archives have in `window`. */
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
