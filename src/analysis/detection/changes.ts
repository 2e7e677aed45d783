import { blankChange, noVerdict } from '../../model/blankChange.ts';
import type { Change, ChangeClass, ChangeEvent, Severity } from '../../model/change.ts';
import { asPathOf, compareRoutes, evidenceOf, hopsOf, hopsSeen } from './describe.ts';
import type { PerformanceEvent } from './performance.ts';
import type { ReachEvent } from './reachMachine.ts';
import { isOdd, presence, type Regime } from './regime.ts';
import { riseEvidence, routeEvidence } from './risePlace.ts';
import type { RouteEvent } from './routeEvents.ts';
import type { Sighting } from './sighting.ts';
import type { TestState } from './state.ts';
import { judgeRoute, judgeTimes } from './verdict.ts';

/** A change of route as it is told. */
export function routeChange(
  testId: string,
  state: TestState,
  event: RouteEvent,
  at: number,
): ChangeEvent {
  if (event.kind === 'accepted') return { kind: 'accepted', testId, at };
  if (event.kind === 'recovered')
    return recovery(testId, state, at, ['intra_as', 'inter_as', 'flap']);
  const level = event.difference?.level ?? 'intra_as';
  const kind: ChangeClass = event.kind === 'flap' ? 'flap' : level;
  const { from, sightings } = event;
  const verdict = judgeRoute(from, sightings, state.nodes);
  const before = hopsOf(from, state.nodes);
  const after = hopsSeen(sightings, state.nodes);
  const { route, edge, around } = compareRoutes(before, after, state.nodes);
  const change: Change = {
    ...blankChange(testId, kind, routeSeverity(kind, level, verdict.judgement), at),
    verdict,
    onset: { after: event.after, by: event.by },
    fromAsPath: asPathOf(before, state.nodes),
    toAsPath: asPathOf(after, state.nodes),
    route,
    evidence: {
      ...evidenceOf(state.nodes, event.difference?.lost ?? [], event.difference?.added ?? []),
      edge,
      around,
    },
    prevalence: from.held / Math.max(1, state.traces),
    usedSince: from.firstAt,
    seenBeforeAt: event.seenAt,
  };
  return { kind: 'change', change };
}

/** How much a change of route matters: by its class and by how far the routes differ, and whether it made things worse. */
export function routeSeverity(
  kind: ChangeClass,
  level: ChangeClass,
  judgement: Change['verdict']['judgement'],
): Severity {
  if (kind === 'same_site') return 'info';
  const worse = judgement === 'worse';
  if (level === 'inter_as') return worse ? 'major' : 'moderate';
  return worse || kind === 'flap' ? 'moderate' : 'minor';
}

/** An outage, or one that comes again. */
export function reachChange(
  testId: string,
  state: TestState,
  event: ReachEvent,
  sighting: Sighting,
): ChangeEvent {
  const at = sighting.at;
  if (event.kind === 'accepted') return { kind: 'accepted', testId, at };
  if (event.kind === 'recovered') return recovery(testId, state, at, ['unreachable', 'flap']);
  const regime = state.route.regimes[0] as Regime;
  const before = hopsOf(regime, state.nodes);
  const after = hopsSeen([...state.route.short, sighting], state.nodes);
  const { route, edge, around } = compareRoutes(before, after, state.nodes);
  const gone = Object.keys(regime.seen)
    .map(Number)
    .filter((node) => presence(regime, node) >= 0.3 && !isOdd(regime, node))
    .filter((node) => ![...state.route.short, sighting].some((seen) => seen.nodes.includes(node)));
  const verdict = {
    ...noVerdict,
    judgement: 'worse' as const,
    lossBeforePct: 100 * (1 - state.reach.hits / Math.max(1, state.reach.traces)),
    lossAfterPct: 100,
  };
  const evidence = evidenceOf(state.nodes, gone, []);
  const severity: Severity = evidence.left.length > 0 ? 'critical' : 'major';
  const change: Change = {
    ...blankChange(testId, event.kind, severity, at),
    verdict,
    onset: { after: event.after, by: event.by },
    fromAsPath: asPathOf(before, state.nodes),
    toAsPath: asPathOf(after, state.nodes),
    route,
    evidence: { ...evidence, edge, around },
    prevalence: regime.held / Math.max(1, state.traces),
    usedSince: regime.firstAt,
    icmpError: sighting.error,
  };
  return { kind: 'change', change };
}

function recovery(
  testId: string,
  state: TestState,
  at: number,
  closes: readonly ChangeClass[],
): ChangeEvent {
  const path = asPathOf(hopsOf(state.route.regimes[0] as Regime, state.nodes), state.nodes);
  const change = blankChange(testId, 'recovered', 'info', at);
  return { kind: 'change', change: { ...change, closes, toAsPath: path } };
}

/** A change of what the path delivers while the route stays. */
export function performanceChange(
  testId: string,
  event: PerformanceEvent,
  state: TestState,
  at: number,
): ChangeEvent {
  const regime = state.route.regimes[0] as Regime;
  const path = asPathOf(hopsOf(regime, state.nodes), state.nodes);
  const change = { ...performanceBlank(testId, event, at), fromAsPath: path, toAsPath: path };
  if (event.kind === 'cleared') return { kind: 'change', change };
  const evidence =
    event.kind === 'rtt_shift'
      ? riseEvidence(regime, state.nodes, event.step.afterMs - event.step.beforeMs)
      : routeEvidence(regime, state.nodes);
  return { kind: 'change', change: { ...change, evidence } };
}

function performanceBlank(testId: string, event: PerformanceEvent, at: number): Change {
  switch (event.kind) {
    case 'cleared':
      return { ...blankChange(testId, 'recovered', 'info', at), closes: [event.of] };
    case 'rtt_shift': {
      const { before, after, by } = event.step;
      const verdict = judgeTimes({ before, after, measuredAt: null });
      const change = blankChange(testId, 'rtt_shift', 'moderate', at);
      return { ...change, verdict, onset: { after: null, by } };
    }
    case 'loss': {
      const loss = { lossBeforePct: event.beforePct, lossAfterPct: event.afterPct };
      const verdict = { ...noVerdict, judgement: 'worse' as const, ...loss };
      return { ...blankChange(testId, 'loss', 'major', at), verdict };
    }
    default: {
      const mtu = { mtuBefore: event.before, mtuAfter: event.after };
      const verdict = { ...noVerdict, judgement: 'worse' as const, ...mtu };
      const { onset } = event;
      return { ...blankChange(testId, 'mtu_drop', 'moderate', at), verdict, onset };
    }
  }
}
