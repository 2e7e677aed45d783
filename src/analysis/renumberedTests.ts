import { isOverdue, patienceIntervals } from '../model/overdue.ts';
import { type Endpoint, endpointId } from '../model/test.ts';
import { compareText } from './ordering.ts';
import type { KeyedTest, WholeTest } from './testIdentity.ts';
import { intervalOf } from './window/freshness.ts';

type Whole = WholeTest<KeyedTest>;

/** Two tests that may be one: the ends of the later one have the names of the earlier one. */
export interface LinkOffer<Each extends Whole> {
  /** It fell silent. */
  readonly from: Each;
  /** It began after that. */
  readonly into: Each;
}

/**
 * Finds tests that seem to go on under another address, as after a renumbering: the same tool and
 * family, ends of the same name, and one began when the other one had ended. `namesOf` gives the
 * names of an end. Where several fit, all are offered: only people can decide.
 */
export function findLinkOffers<Each extends Whole>(
  tests: readonly Each[],
  namesOf: (end: Endpoint) => readonly string[],
): LinkOffer<Each>[] {
  const byName = Map.groupBy(
    tests.flatMap((test) => nameKeys(test, namesOf).map((key) => ({ key, test }))),
    ({ key }) => key,
  );
  const offers = new Map<string, LinkOffer<Each>>();
  for (const group of byName.values()) {
    for (const { test: into } of group) {
      for (const { test: from } of group)
        if (goesOn(from, into)) offers.set(JSON.stringify([from.id, into.id]), { from, into });
    }
  }
  return [...offers.values()].sort(
    (a, b) => compareText(a.from.id, b.from.id) || compareText(a.into.id, b.into.id),
  );
}

/** A key for each pair of names of the two ends. */
function nameKeys(test: Whole, namesOf: (end: Endpoint) => readonly string[]): string[] {
  const { source, destination, family, tool } = test;
  const all = (end: Endpoint) => [...new Set([endpointId(end), ...namesOf(end)])];
  return all(source).flatMap((from) =>
    all(destination).map((to) => JSON.stringify([from, to, family, tool])),
  );
}

/** Whether one test fell silent when another one began, which goes on. */
function goesOn(from: Whole, into: Whole): boolean {
  if (from.id === into.id || from.newestTraceAt === null) return false;
  if (into.oldestTraceAt === null || into.newestTraceAt === null) return false;
  const interval = intervalOf(from);
  const overlap = from.newestTraceAt - into.oldestTraceAt;
  const repeats = into.newestTraceAt - into.oldestTraceAt >= interval;
  return (
    overlap <= patienceIntervals * interval &&
    isOverdue(into.newestTraceAt - from.newestTraceAt, interval) &&
    repeats
  );
}
