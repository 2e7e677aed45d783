import { withHistory } from '../../analysis/window/withHistory.ts';
import type { StoredRoutePeriod, TestAnalysis } from '../../model/site/analysis.ts';
import type { Responder } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import type { RouteHistory } from '../../store/history/routeHistory.ts';
import type { Store } from '../../store/store.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import type { TestKeys } from '../knownTests.ts';
import { periodsWithin } from '../routePeriods.ts';

type HistoryStore = Pick<Store, 'routeHistory' | 'traces'>;

/** A page shows no more periods, and the cost of a test must not grow with its age. */
const maxPeriods = 100;

/** The analysis of a test, extended by the route periods before its window. */
export function withEarlierPeriods(
  analysis: TestAnalysis,
  store: HistoryStore,
  keys: TestKeys,
  responders: ReadonlyMap<string, Responder>,
): TestAnalysis {
  const earlier = earlierPeriods(store, keys, analysis.window.from, responders);
  return withHistory(analysis, earlier, responders);
}

/**
 * The route periods of a test before its window, oldest first; those not yet finalized from traces.
 */
function earlierPeriods(
  store: HistoryStore,
  keys: TestKeys,
  before: number,
  responders: ReadonlyMap<string, Responder>,
): StoredRoutePeriod[] {
  const { periods, until } = longestHistory(store, keys, before);
  if (until >= before) return [...periods];
  const span = {
    window: { from: until - daySeconds, to: before - startResolution },
    span: { from: until, to: before },
  };
  return [...periods, ...periodsWithin(store, keys, span, responders)];
}

/** An archive added later lacks the days before; the history of another archive has them. */
function longestHistory(store: HistoryStore, keys: TestKeys, before: number): RouteHistory {
  const ids = keys.map(({ id }) => id);
  const histories = ids.map((id) => {
    const others = ids.filter((other) => other !== id);
    return store.routeHistory(id, before, maxPeriods, others);
  });
  const startOf = ({ periods, until }: RouteHistory) => periods[0]?.from ?? until;
  return histories.reduce(
    (longest, each) => (startOf(each) < startOf(longest) ? each : longest),
    histories[0] ?? { periods: [], until: before },
  );
}
