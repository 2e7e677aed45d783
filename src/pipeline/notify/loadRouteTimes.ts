import type { Change } from '../../model/change/change.ts';
import { daySeconds } from '../../model/values/time.ts';
import { type RouteTimes, routeTimes } from '../../notify/message/routeTimes.ts';
import type { Store } from '../../store/store.ts';

/** A message shows only a few changes in full. */
const maxTimedChanges = 200;

/** Round-trip times before and after each change, from the traces of the day before the change. */
export function loadRouteTimes(
  changes: ReadonlyMap<string, Change>,
  store: Store,
): Map<string, RouteTimes> {
  const timedChanges = [...changes.values()]
    .filter(({ route }) => route.length > 0)
    .slice(0, maxTimedChanges);
  return new Map(
    timedChanges.map((change) => {
      const { testId, onset, detectedAt } = change;
      const window = { from: (onset.after ?? onset.by) - daySeconds, to: detectedAt };
      return [change.id, routeTimes(change, store.traces(testId, window))];
    }),
  );
}
