import type { RouteVariant, TestAnalysis } from '../model/analysis.ts';
import type { Test } from '../model/test.ts';
import type { Failure, Interval, Responder, Trace } from '../model/trace.ts';
import { asnLookup } from './asPath.ts';
import { familyOfHops, familyProblem, mixedSourcesProblem } from './checks.ts';
import { hopStatistics } from './hopStatistics.ts';
import { judge } from './state.ts';
import { destinationOf, type Step, stepsOf } from './steps.ts';
import { periodsOf, seriesOf, variantsOf } from './variants.ts';

/** One test with everything the store holds of it for the window. */
export interface TestInput {
  readonly test: Test;
  /** Equal routes should be the same object: work on a route is done once. */
  readonly traces: readonly Trace[];
  readonly failures: readonly Failure[];
  readonly responders: ReadonlyMap<string, Responder>;
  readonly window: Interval;
  /** Epoch seconds. */
  readonly now: number;
}

/** Ascending in time, one trace a second at most: a run archived twice is one run. */
function inOrder(traces: readonly Trace[]): readonly Trace[] {
  const ordered = traces.every((trace, i) => {
    const before = traces[i - 1];
    return before === undefined || before.startedAt < trace.startedAt;
  });
  if (ordered) return traces;
  const byTime = new Map<number, Trace>();
  for (const trace of traces) if (!byTime.has(trace.startedAt)) byTime.set(trace.startedAt, trace);
  return [...byTime.values()].sort((a, b) => a.startedAt - b.startedAt);
}

function unknown(address: string): Responder {
  return { address, hostname: null, asn: null, asName: null };
}

/** What is known of every address in the traces, in order of appearance. */
function occurring(
  traces: readonly Trace[],
  known: ReadonlyMap<string, Responder>,
): Map<string, Responder> {
  const found = new Map<string, Responder>();
  for (const { hops } of new Set(traces.map(({ route }) => route))) {
    for (const { addresses } of hops) {
      for (const address of addresses) {
        if (!found.has(address)) found.set(address, known.get(address) ?? unknown(address));
      }
    }
  }
  return found;
}

/** Largest share first, equal ones by first appearance. */
function byShare(variants: readonly RouteVariant[]): RouteVariant[] {
  return variants.toSorted((a, b) => b.traces - a.traces);
}

function rttsOf(steps: readonly Step[], variant: RouteVariant | null): number[] {
  const firstSeen = variant?.firstSeen;
  const number = steps.find(({ at }) => at === firstSeen)?.variant;
  return steps.flatMap((step) =>
    step.variant === number && step.rttMs !== null ? [step.rttMs] : [],
  );
}

function lossPct(steps: readonly Step[]): number | null {
  if (steps.length === 0) return null;
  return (100 * steps.reduce((sum, step) => sum + step.lossShare, 0)) / steps.length;
}

/** Analyses one test over the window: pure, and the same for the same input. */
export function analyseTest(input: TestInput): TestAnalysis {
  const { failures, window, now } = input;
  const traces = inOrder(input.traces);
  const asnOf = asnLookup(input.responders);
  const destination = destinationOf(input.test.destination.address, traces);
  const steps = stepsOf(traces, destination, asnOf);
  const numbered = variantsOf(steps, destination, asnOf);
  const variants = byShare(numbered);
  const periods = periodsOf(steps, numbered);
  const series = seriesOf(steps, numbered);
  const usualVariant = variants[0] ?? null;
  const usualRtts = rttsOf(steps, usualVariant);
  const responders = occurring(traces, input.responders);
  const family = familyOfHops(responders.keys());
  const misnamed = familyProblem(input.test, family);
  const test = family === null ? input.test : { ...input.test, family };
  const verdict = judge({
    test,
    steps,
    variants: numbered,
    usualVariant,
    usualRtts,
    failures,
    reachUnknown: misnamed?.message ?? null,
    window,
    now,
  });
  const mixed = mixedSourcesProblem(test, traces);
  return {
    test,
    window,
    state: verdict.state,
    stateSince: verdict.since,
    stateReason: verdict.reason,
    latest: traces.at(-1) ?? null,
    hops: series.at(-1)?.hops ?? null,
    asPath: periods.at(-1)?.asPath ?? [],
    rttMs: series.at(-1)?.rttMs ?? null,
    usualRttMs: usualVariant?.medianRttMs ?? null,
    lossPct: misnamed === null ? lossPct(steps) : null,
    traces: traces.length,
    hopStatistics: hopStatistics(traces),
    periods,
    variants,
    series,
    failures,
    responders,
    problems: [misnamed, mixed].filter((problem) => problem !== null),
  };
}
