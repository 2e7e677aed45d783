import type { RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import type { Test } from '../../model/test/test.ts';
import type { Failure, Interval, Responder, Trace } from '../../model/trace/trace.ts';
import { asnLookup } from './asPath.ts';
import { computeHopStatistics } from './hopStatistics.ts';
import { familyMismatchProblem, familyOfTraces, sharedKeyProblem } from './testProblems.ts';
import { classifyState, type TestMemory } from './testState.ts';
import { buildTraceSteps, resolveDestination, type TraceStep } from './traceSteps.ts';
import { fullReason, usualValue } from './usualValue.ts';
import { buildPeriods, buildSeries, buildVariants } from './variants.ts';

/** A test with everything that the store holds about it for the window. */
export interface TestInput {
  readonly test: Test;
  /**
   * Ascending or not. Equal routes should be the same object, so that work on a route is done once.
   */
  readonly traces: readonly Trace[];
  readonly failures: readonly Failure[];
  readonly responders: ReadonlyMap<string, Responder>;
  readonly window: Interval;
  readonly memory: TestMemory;
  /** Epoch seconds. */
  readonly now: number;
}

/** Sorts by time and drops a second trace of the same start: a run archived twice is one run. */
function sortTraces(traces: readonly Trace[]): readonly Trace[] {
  const ordered = traces.every((trace, i) => {
    const before = traces[i - 1];
    return before === undefined || before.startedAt < trace.startedAt;
  });
  if (ordered) return traces;
  const byTime = new Map<number, Trace>();
  for (const trace of traces) if (!byTime.has(trace.startedAt)) byTime.set(trace.startedAt, trace);
  return [...byTime.values()].sort((a, b) => a.startedAt - b.startedAt);
}

function unknownResponder(address: string): Responder {
  return { address, hostname: null, asn: null, asName: null };
}

/** The responder of every address in the traces, in order of appearance. */
function collectResponders(
  traces: readonly Trace[],
  known: ReadonlyMap<string, Responder>,
): Map<string, Responder> {
  const found = new Map<string, Responder>();
  for (const { hops } of new Set(traces.map(({ route }) => route))) {
    for (const { addresses } of hops) {
      for (const address of addresses) {
        if (!found.has(address))
          found.set(address, known.get(address) ?? unknownResponder(address));
      }
    }
  }
  return found;
}

/** Sorts by share, largest first; equal ones stay in order of first appearance. */
function sortByShare(variants: readonly RouteVariant[]): RouteVariant[] {
  return variants.toSorted((a, b) => b.traces - a.traces);
}

function meanLossPct(steps: readonly TraceStep[]): number | null {
  if (steps.length === 0) return null;
  return (100 * steps.reduce((sum, step) => sum + step.lossShare, 0)) / steps.length;
}

/** Whether an outage lasts, accepted or not. */
function hasOutage({ openChanges, acceptedChanges }: TestMemory): boolean {
  const lasting = [...openChanges, ...acceptedChanges.map(({ change }) => change)];
  return lasting.some((change) => change.class === 'unreachable');
}

/** Analyzes one test over the window. Pure: equal input gives equal output. */
export function analyzeTest(input: TestInput): TestAnalysis {
  const { failures, window, now, memory } = input;
  const traces = sortTraces(input.traces);
  const asnOf = asnLookup(input.responders);
  const destination = resolveDestination(input.test.destination.address, traces);
  const steps = buildTraceSteps(traces, destination, asnOf);
  const variantsByNumber = buildVariants(steps, destination, asnOf);
  const variants = sortByShare(variantsByNumber);
  const periods = buildPeriods(steps, variantsByNumber);
  const series = buildSeries(steps, variantsByNumber);
  const usualVariant = variants[0] ?? null;
  const responders = collectResponders(traces, input.responders);
  const family = familyOfTraces(traces);
  const test = family === null ? input.test : { ...input.test, family };
  const verdict = classifyState({
    test,
    steps,
    usualVariant,
    now,
    ...memory,
  });
  const usual = usualValue(memory, usualVariant);
  return {
    test,
    window,
    state: verdict.state,
    stateSince: verdict.since,
    stateReason: fullReason(verdict, usual),
    answers: variants.some(({ reached }) => reached) || hasOutage(memory),
    latest: traces.at(-1) ?? null,
    lastTraceAt: memory.newestAt,
    hops: series.at(-1)?.hops ?? null,
    asPath: periods.at(-1)?.asPath ?? [],
    rttMs: series.at(-1)?.rttMs ?? null,
    usualRttMs: usual.rttMs,
    usualFrom: usual.from,
    usualTo: usual.to,
    lossPct: meanLossPct(steps),
    traces: traces.length,
    hopStatistics: computeHopStatistics(traces),
    periods,
    variants,
    series,
    failures,
    responders,
    problems: [familyMismatchProblem(input.test, traces), sharedKeyProblem(test, traces)].filter(
      (problem) => problem !== null,
    ),
  };
}
