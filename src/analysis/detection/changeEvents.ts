import { blankChange, unknownVerdict } from '../../model/change/blankChange.ts';
import type { Change, ChangeClass, ChangeEvent, Severity } from '../../model/change/change.ts';
import { isUnsure } from '../../model/change/grading.ts';
import { median } from '../../model/values/statistics.ts';
import type { DetectionState } from './detectionState.ts';
import { routeClasses } from './finding.ts';
import type { Observation } from './observation.ts';
import type { PerformanceEvent } from './performance/performanceMachine.ts';
import type { ReportedRise } from './performance/rttMachine.ts';
import { riseEvidence, wholeRouteEvidence } from './performance/rttRiseLocation.ts';
import { isShortPath } from './performance/rttStep.ts';
import type { ReachEvent } from './reachability/reachMachine.ts';
import { type Baseline, presenceShare } from './route/baseline.ts';
import { describeRouteChange } from './route/describeRouteChange.ts';
import {
  asPathOfHops,
  baselineHops,
  buildEvidence,
  compareRoutes,
  observedHops,
} from './route/evidence.ts';
import type { RouteEvent } from './route/routeEvents.ts';
import { severityOf } from './severity.ts';
import { assessRoute, assessTimes } from './verdict.ts';

/** A device of this share of the traces is a part of the route that an outage cuts. */
const involvedShare = 0.3;

/** Creates the event of a change of route. `at`: epoch seconds. */
export function createRouteChange(
  testId: string,
  state: DetectionState,
  event: RouteEvent,
  at: number,
): ChangeEvent {
  if (event.kind === 'accepted') return { kind: 'accepted', testId, at, classes: routeClasses };
  if (event.kind === 'recovered') return createRecovery(testId, state, at);
  const level = event.difference?.level ?? 'intra_as';
  const changeClass: ChangeClass = event.kind === 'flap' ? 'flap' : level;
  const { from, observations } = event;
  const verdict = assessRoute(from, observations, state.devices);
  const before = baselineHops(from, state.devices);
  const after = observedHops(observations, state.devices);
  const { route, edge, adjacent } = compareRoutes(before, after, state.devices);
  const change: Change = {
    ...blankChange(testId, changeClass, 'info', at),
    verdict,
    onset: { after: event.after, by: event.by },
    fromAsPath: asPathOfHops(before, state.devices),
    toAsPath: asPathOfHops(after, state.devices),
    route,
    evidence: {
      ...buildEvidence(
        state.devices,
        event.difference?.missing ?? [],
        event.difference?.added ?? [],
      ),
      edge,
      adjacent,
    },
    ...(event.difference === null
      ? {}
      : {
          routeChange: describeRouteChange(event.difference, from, observations, state.devices),
        }),
    prevalence: from.explainedTraces / Math.max(1, state.traces),
    usedSince: from.firstAt,
    seenBeforeAt: event.seenAt,
  };
  return { kind: 'change', change: { ...change, severity: severityOf(change) } };
}

/** Creates the event of an outage, or of one that comes again. */
export function createReachabilityChange(
  testId: string,
  state: DetectionState,
  event: ReachEvent,
  observation: Observation,
): ChangeEvent {
  if (event.kind === 'recovered') return createRecovery(testId, state, observation.at);
  return {
    kind: 'change',
    change: createOutage(testId, state, { ...event, kind: event.kind }, observation),
  };
}

/** Creates the change of an outage, or of outages in turn with the usual route. */
export function createOutage(
  testId: string,
  state: DetectionState,
  event: ReachEvent & { readonly kind: 'unreachable' | 'flap' },
  observation: Observation,
): Change {
  const baseline = state.route.baselines[0] as Baseline;
  const before = baselineHops(baseline, state.devices);
  const missed = missedTraces(state, observation);
  const after = observedHops(missed, state.devices);
  const { route, edge, adjacent } = compareRoutes(before, after, state.devices);
  const gone = Object.keys(baseline.seen)
    .map(Number)
    .filter((device) => presenceShare(baseline, device) >= involvedShare)
    .filter((device) => !missed.some((seen) => seen.devices.includes(device)));
  const verdict = {
    ...unknownVerdict,
    effect: 'worse' as const,
    rttBeforeMs: median(baseline.reachedRttsMs),
    lossBeforePct: 100 * (1 - state.reach.hits / Math.max(1, state.reach.traces)),
    lossAfterPct: 100,
  };
  const evidence = buildEvidence(state.devices, gone, []);
  const change: Change = {
    ...blankChange(testId, event.kind, 'info', observation.at),
    verdict,
    onset: { after: event.after, by: event.by },
    fromAsPath: asPathOfHops(before, state.devices),
    toAsPath: asPathOfHops(after, state.devices),
    route,
    evidence: { ...evidence, edge, adjacent },
    prevalence: baseline.explainedTraces / Math.max(1, state.traces),
    usedSince: baseline.firstAt,
    icmpError: observation.error,
  };
  return { ...change, severity: severityOf(change) };
}

/** The newest traces that missed the destination. */
function missedTraces({ route, reach }: DetectionState, observation: Observation): Observation[] {
  const since = reach.firstMissAt ?? observation.at;
  const missed = route.window.flatMap((trace) =>
    trace.observation.at >= since ? trace.observation : [],
  );
  return missed.length > 0 ? missed : [observation];
}

/** The end of all changes of the route or, while one is open, of the outage alone. */
function createRecovery(testId: string, state: DetectionState, at: number): ChangeEvent {
  const closes: readonly ChangeClass[] = state.pendingAlert.open ? ['unreachable'] : routeClasses;
  const asPath = asPathOfHops(
    baselineHops(state.route.baselines[0] as Baseline, state.devices),
    state.devices,
  );
  const change = blankChange(testId, 'recovered', 'info', at);
  return { kind: 'change', change: { ...change, closes, toAsPath: asPath } };
}

/** Creates the event of a change of RTT, loss or MTU on an unchanged route. `at`: epoch seconds. */
export function createPerformanceChange(
  testId: string,
  event: PerformanceEvent,
  state: DetectionState,
  at: number,
): ChangeEvent {
  if (event.kind === 'accepted') return { kind: 'accepted', testId, at, classes: [event.of] };
  const baseline = state.route.baselines[0] as Baseline;
  const asPath = asPathOfHops(baselineHops(baseline, state.devices), state.devices);
  const change = {
    ...createPerformanceBase(testId, event, at),
    fromAsPath: asPath,
    toAsPath: asPath,
  };
  if (event.kind === 'cleared') return { kind: 'change', change };
  const evidence =
    event.kind === 'rtt_shift'
      ? riseEvidence(baseline, state.devices, event.rise.step.shiftMs)
      : wholeRouteEvidence(baseline, state.devices);
  return { kind: 'change', change: { ...change, evidence, usedSince: baseline.firstAt } };
}

type PerformanceChange = Exclude<PerformanceEvent, { kind: 'accepted' }>;

function createPerformanceBase(testId: string, event: PerformanceChange, at: number): Change {
  switch (event.kind) {
    case 'cleared':
      return { ...blankChange(testId, 'recovered', 'info', at), closes: [event.of] };
    case 'rtt_shift':
      return createRise(testId, event.rise, at);
    case 'loss': {
      const loss = { lossBeforePct: event.beforePct, lossAfterPct: event.afterPct };
      const verdict = { ...unknownVerdict, effect: 'worse' as const, ...loss };
      return { ...blankChange(testId, 'loss', 'major', at), verdict };
    }
    default: {
      const mtu = { mtuBefore: event.before, mtuAfter: event.after };
      const verdict = { ...unknownVerdict, effect: 'worse' as const, ...mtu };
      const { onset } = event;
      return { ...blankChange(testId, 'mtu_drop', 'moderate', at), verdict, onset };
    }
  }
}

/** Creates the change of a rise of the round-trip time. `at`: epoch seconds. */
function createRise(testId: string, reported: ReportedRise, at: number): Change {
  const { step, rise, sameHours, rhythm, isWorse, confidence } = reported;
  const { before, after } = step;
  const times = { before: before.map(({ ms }) => ms), after: after.map(({ ms }) => ms) };
  const verdict = assessTimes({ ...times, measuredTo: null });
  return {
    ...blankChange(testId, 'rtt_shift', riseSeverity(reported), at),
    verdict: { ...verdict, effect: isWorse ? 'worse' : 'same' },
    confidence,
    onset: { after: before.at(-1)?.at ?? null, by: after[0]?.at ?? at },
    step: {
      noiseMs: step.noiseMs,
      leastStepMs: step.leastMs,
      riseSeconds: rise.seconds,
      ...sameHours,
      daily: rhythm,
    },
  };
}

/** A smaller rise is minor, except on a short path. */
const moderateRiseMs = 6;

/** A daily rise, and one that may be noise, are for the page only. */
function riseSeverity(reported: ReportedRise): Severity {
  const { step, isWorse, rhythm } = reported;
  if (rhythm !== null || isUnsure(reported)) return 'info';
  const isModerate = isShortPath(step.beforeMs) || step.shiftMs >= moderateRiseMs;
  return isWorse && isModerate ? 'moderate' : 'minor';
}
