import { isOverdue, patienceIntervals } from '../model/test/overdue.ts';
import { type Endpoint, endpointId } from '../model/test/test.ts';
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
  const silent = findSilent(tests);
  if (silent.length === 0) return [];
  const byName = Map.groupBy(
    silent.flatMap((test) => nameKeys(test, namesOf).map((key) => ({ key, test }))),
    ({ key }) => key,
  );
  const firstEnd = Math.min(...silent.map(earliestStart));
  const offers = new Map<string, LinkOffer<Each>>();
  for (const into of tests.filter(({ firstTraceAt }) => (firstTraceAt ?? 0) >= firstEnd)) {
    for (const { test: from } of nameKeys(into, namesOf).flatMap((key) => byName.get(key) ?? []))
      if (goesOn(from, into)) offers.set(JSON.stringify([from.id, into.id]), { from, into });
  }
  return [...offers.values()].sort(
    (a, b) => compareText(a.from.id, b.from.id) || compareText(a.into.id, b.into.id),
  );
}

/** The tests that have no result while others have. */
function findSilent<Each extends Whole>(tests: readonly Each[]): Each[] {
  const newest = tests.reduce((max, test) => Math.max(max, test.newestTraceAt ?? 0), 0);
  return tests.filter(
    (test) =>
      test.newestTraceAt !== null && isOverdue(newest - test.newestTraceAt, intervalOf(test)),
  );
}

/** The earliest start of a test that goes on where this one ended; the two may overlap a little. */
function earliestStart(test: Whole): number {
  return (test.newestTraceAt ?? 0) - patienceIntervals * intervalOf(test);
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
  const { firstTraceAt, newestTraceAt } = into;
  if (from.id === into.id || firstTraceAt === null || newestTraceAt === null) return false;
  const interval = intervalOf(from);
  return (
    firstTraceAt >= earliestStart(from) &&
    isOverdue(newestTraceAt - (from.newestTraceAt ?? 0), interval) &&
    newestTraceAt - firstTraceAt >= interval
  );
}
