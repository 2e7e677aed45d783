import type { TraceStep } from '../../../src/analysis/window/traceSteps.ts';
import type { RouteVariant } from '../../../src/model/analysis.ts';
import type { Route } from '../../../src/model/trace.ts';

const route: Route = { hops: [], reached: true, pathMtu: null };

/**
 * Steps ten minutes apart, the first at 0; each is described by the parts that matter to a test.
 */
export function stepsFrom(list: readonly Partial<TraceStep>[]): TraceStep[] {
  return list.map((own, i) => ({
    at: 600 * i,
    trace: { startedAt: 600 * i, route, rttMs: [], probes: null },
    shape: { hops: [], endFrom: 1, endTo: 1 },
    variant: 0,
    reached: true,
    outage: false,
    lossShare: own.reached === false ? 1 : 0,
    rttMs: null,
    ...own,
  }));
}

/** Steps from the letters of their variants: `AAAB`; spaces do not count. */
export function stepsOfLetters(letters: string): TraceStep[] {
  const list = [...letters.replaceAll(' ', '')];
  return stepsFrom(list.map((letter) => ({ variant: letter.charCodeAt(0) - 65 })));
}

/** Variants A, B, …, with the given AS paths. */
export function variantsWith(...asPaths: number[][]): RouteVariant[] {
  return asPaths.map((asPath, i) => ({
    letter: String.fromCharCode(65 + i),
    route: [],
    reached: true,
    asPath,
    traces: 1,
    share: 1,
    firstSeen: 0,
    lastSeen: 0,
    medianRttMs: null,
    pathMtu: null,
    probes: null,
  }));
}
