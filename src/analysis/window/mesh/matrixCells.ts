import {
  type MatrixCell,
  type State,
  type TestSummary,
  worseState,
} from '../../../model/site/analysis.ts';
import { isOverdue } from '../../../model/test/overdue.ts';
import { endpointId } from '../../../model/test/test.ts';
import { compareText } from '../../ordering.ts';
import { untestedCell } from './untestedCell.ts';

/** States without a problem, in which results arrive. */
const calmStates: readonly State[] = ['ok', 'accepted', 'filtered'];

/**
 * Selects the test that a cell shows: of those in the worst state the one with the newest data.
 * Tests that run side by side deliver in turns, so those whose next result is not overdue count as
 * equally new (else the cell would show another tool in every run); of these, one with the most
 * traces, give or take a tenth; of these, the first by id.
 */
function selectShownTest(all: readonly TestSummary[]): TestSummary | undefined {
  const worst = all.map(({ state }) => state).reduce(worseState);
  const tests = all.filter(({ state }) => state === worst);
  const newest = Math.max(...tests.map(({ lastTraceAt }) => lastTraceAt ?? 0));
  const live = tests.filter(
    ({ test, lastTraceAt }) => !isOverdue(newest - (lastTraceAt ?? 0), test.intervalSeconds ?? 0),
  );
  const maxTraces = Math.max(...live.map(({ traces }) => traces));
  const mostComplete = live.filter(({ traces }) => traces >= 0.9 * maxTraces);
  return mostComplete.sort((a, b) => compareText(a.test.id, b.test.id))[0];
}

function compareNewestFirst(a: TestSummary, b: TestSummary): number {
  return (b.lastTraceAt ?? 0) - (a.lastTraceAt ?? 0) || compareText(a.test.id, b.test.id);
}

/** The states of the other tests of a cell that have a problem or no result; '' for none. */
function otherStates(others: readonly TestSummary[]): string {
  const troubled = others.filter(({ state }) => !calmStates.includes(state));
  return troubled.map(({ test, state }) => `The ${test.tool} test is ${state}.`).join(' ');
}

function buildCell(tests: readonly TestSummary[]): MatrixCell {
  const shown = selectShownTest(tests) as TestSummary;
  const others = tests.filter((test) => test !== shown).sort(compareNewestFirst);
  const { test } = shown;
  const testIds = [shown, ...others].map((summary) => summary.test.id);
  if (shown.state === 'untested') {
    const { source, destination, family } = test;
    return { ...untestedCell(source, destination, family, shown.stateReason), testIds };
  }
  return {
    source: endpointId(test.source),
    destination: endpointId(test.destination),
    family: test.family,
    testIds,
    state: shown.state,
    stateSince: shown.stateSince,
    stateReason: shown.stateReason,
    otherStates: otherStates(others),
    rttMs: shown.rttMs,
    usualRttMs: shown.usualRttMs,
    usualFrom: shown.usualFrom,
    usualTo: shown.usualTo,
    lossPct: shown.lossPct,
    hops: shown.hops,
    pathMtu: shown.pathMtu,
    asPath: shown.asPath,
    reached: shown.reached,
    lastTraceAt: shown.lastTraceAt,
    lastRouteChangeAt: shown.lastRouteChangeAt,
  };
}

/** One cell per source, destination and family, in the order of the tests. */
export function buildCells(tests: readonly TestSummary[]): MatrixCell[] {
  const groups = Map.groupBy(tests, ({ test }) =>
    JSON.stringify([endpointId(test.source), endpointId(test.destination), test.family]),
  );
  return Array.from(groups.values(), buildCell);
}
