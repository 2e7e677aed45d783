import { dayOf, daySeconds, midnightOf } from './days.ts';
import type { Tables } from './tables.ts';

/** Responders are few, and which of them are in use only every stored route tells, so they are looked through seldom. */
const sweepSeconds = 30 * daySeconds;

/**
 * Deletes the traces of the days before `before` (epoch seconds), with the failures and coverage of that time and the
 * routes (once a month the responders too) that nothing refers to any more. Stops short of traces that no route period
 * tells yet. Returns up to where traces are gone now, null when there was nothing to delete.
 */
export function forget(tables: Tables, before: number): number | null {
  const { tests, settled, traces, periods, failures, covered, routes, responders } = tables;
  return tables.transaction(() => {
    const unsettled = settled.unsettled(before).map(({ from }) => from);
    const midnight = midnightOf(
      Math.max(
        0,
        unsettled.reduce((a, b) => Math.min(a, b), before),
      ),
    );
    failures.forget(midnight);
    const from = traces.forget(midnight);
    if (from === null) return null;
    for (const test of tests.numbers()) periods.join(test, { from, to: midnight });
    covered.forget(midnight);
    settled.forget(midnight);
    routes.forget(dayOf(midnight));
    if (Math.floor(from / sweepSeconds) < Math.floor(midnight / sweepSeconds)) responders.sweep();
    return midnight;
  });
}
