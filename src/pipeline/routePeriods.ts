import { mergeTraces } from '../analysis/mergeSeries.ts';
import { finalizePeriods } from '../analysis/window/finalizedPeriods.ts';
import type { StoredRoutePeriod } from '../model/site/analysis.ts';
import type { Interval, Responder } from '../model/trace/trace.ts';
import type { Store } from '../store/store.ts';
import type { TestKeys } from './knownTests.ts';

/** The window of traces to read, and the span in which to find route periods. Epoch seconds. */
interface PeriodSpan {
  readonly window: Interval;
  readonly span: Interval;
}

/** Finds the route periods within `span` from the traces of all keys in `window`. */
export function periodsWithin(
  store: Pick<Store, 'traces'>,
  keys: TestKeys,
  { window, span }: PeriodSpan,
  responders: ReadonlyMap<string, Responder>,
): StoredRoutePeriod[] {
  const [test] = keys;
  if (test === undefined) return [];
  const traces = mergeTraces(keys.map(({ id }) => store.traces(id, window)));
  return finalizePeriods({ test, traces, responders }, span);
}
