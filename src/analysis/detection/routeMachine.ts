import { usualNode } from './alias.ts';
import { type Comparison, compare, explainedBelow } from './compare.ts';
import type { NodeTable } from './nodes.ts';
import { settleDetour } from './detour.ts';
import { adopt, createRegime, fixedNodes, learn, type Regime } from './regime.ts';
import { difference, type RouteDifference } from './routeClass.ts';
import { replaceNode, type Sighting } from './sighting.ts';
import type { RouteState } from './state.ts';

/** What the route machine reports. */
export interface RouteEvent {
  readonly kind: 'changed' | 'recovered' | 'flap' | 'accepted';
  readonly from: Regime;
  readonly to: Regime;
  readonly difference: RouteDifference | null;
  /** Last trace of the old and first of the new route. */
  readonly after: number | null;
  readonly by: number;
  readonly sightings: readonly Sighting[];
  readonly seenBefore: boolean;
}

export const learningTraces = 6;
const switchEvidence = 8.5;
/** Below this many traces a regime is young: a change inside one AS needs more evidence. */
const youngTraces = 20;
const youngEvidence = 14;
const explainedRelief = 5;
const knownRouteBonus = 1.5;
const rememberedRegimes = 8;
const acceptSeconds = 86_400;
/** A change this many traces after a return is flapping. */
const flapWindow = 36;
const calmTraces = 18;
/** Real detours of a trace or two within `flapWindow` that make a flap. */
const flapDetours = 3;
/** A further switch so soon after a change corrects it: the new route was not yet known. */
const correctionTraces = 6;

/** Short traces kept while an outage is possible. */
const keptShort = 12;

/** A machine that has seen nothing. */
export function createRouteState(at: number): RouteState {
  return {
    learning: true,
    regimes: [createRegime(0, at)],
    short: [],
    base: 0,
    nextRegime: 1,
    evidence: 0,
    deviations: [],
    explainedAt: null,
    sinceSwitch: 0,
    switchedAt: null,
    open: false,
    sinceReturn: null,
    lastRemoved: [],
    detours: [],
    flaps: 0,
    flapping: false,
    calm: 0,
    lastLabel: 0,
  };
}

/** Takes in one usable trace. `whole`: the route was seen to its end, so the regime may learn from it. */
export function stepRoute(
  state: RouteState,
  sighting: Sighting,
  whole: boolean,
  table: NodeTable,
  join: (from: number, into: number) => void,
): RouteEvent[] {
  const current = state.regimes[0] as Regime;
  state.sinceSwitch++;
  if (state.sinceReturn !== null) state.sinceReturn++;
  if (state.detours.length > 0) ageDetours(state);
  if (state.learning) {
    if (whole) learn(current, sighting);
    state.explainedAt = sighting.at;
    state.learning = current.traces < learningTraces;
    return [];
  }
  const young = current.held < youngTraces;
  const parent = young ? (state.regimes[1] ?? null) : null;
  const fit = compare(sighting, current, table, parent);
  const better = young ? rememberedFor(state, sighting, table, current) : null;
  if (fit.evidence < explainedBelow && better === null) {
    if (fit.rare) current.rare++;
    for (const index of fit.aliases) {
      const usual = usualNode(current.positions[sighting.ttls[index] as number]);
      const alias = sighting.nodes[index] as number;
      if (usual === null || usual === alias) continue;
      join(alias, usual);
      replaceNode(sighting, alias, usual);
    }
    return explained(state, current, sighting, whole, table);
  }
  return deviates(state, current, sighting, fit, better, table);
}

function ageDetours(state: RouteState): void {
  state.detours = state.detours.map((age) => age + 1).filter((age) => age <= flapWindow);
}

function explained(
  state: RouteState,
  current: Regime,
  sighting: Sighting,
  whole: boolean,
  table: NodeTable,
): RouteEvent[] {
  state.evidence = Math.max(0, state.evidence - explainedRelief);
  let flap: RouteEvent[] = [];
  if (state.deviations.length > 0 && state.evidence === 0) {
    const last = state.deviations.at(-1)?.sighting ?? sighting;
    const seen = state.deviations.map((deviation) => deviation.sighting);
    if (settleDetour(state, current, table)) state.detours.push(0);
    state.deviations = [];
    flap = restless(state, current, last, seen, table);
  }
  if (whole) learn(current, sighting);
  else if (state.short.length < keptShort) state.short.push(sighting);
  state.explainedAt = sighting.at;
  return [...flap, ...calm(state, current, sighting), ...accept(state, current, sighting)];
}

function deviates(
  state: RouteState,
  current: Regime,
  sighting: Sighting,
  fit: Comparison,
  better: Regime | null,
  table: NodeTable,
): RouteEvent[] {
  const known = better ?? rememberedFor(state, sighting, table, null);
  const evidence = Math.max(fit.evidence, known === null ? 0 : 3.5) + (known === null ? 0 : knownRouteBonus);
  state.evidence += evidence;
  state.deviations.push({ sighting, evidence, regime: known?.id ?? null });
  if (state.deviations.length > 24) state.deviations.shift();
  if (state.evidence < switchEvidence || state.deviations.length < 2) return [];
  const sightings = state.deviations.map((deviation) => deviation.sighting);
  const apart = difference(current, sightings, table);
  const careful = current.held < youngTraces && apart.level !== 'inter_as';
  if (careful && state.evidence < youngEvidence) return [];
  return switchTo(state, current, sighting, apart, sightings);
}

/** The run of short traces is over: what fell short by chance belongs to the regime, an outage does not. */
export function settleShort(state: RouteState, outage: boolean): void {
  const current = state.regimes[0];
  if (!outage && current) for (const sighting of state.short) learn(current, sighting);
  state.short = [];
}

/** What is still seen of a route whose end has been silent for long is the route from now on. */
export function restart(state: RouteState, at: number): void {
  state.regimes = [createRegime(state.nextRegime++, at), ...state.regimes];
  forgetRegimes(state);
  Object.assign(state, { learning: true, short: [], deviations: [], evidence: 0, open: false });
}

/** The remembered regime that explains a trace without anything new, with most of its regular devices present. */
function rememberedFor(
  state: RouteState,
  sighting: Sighting,
  table: NodeTable,
  rival: Regime | null,
): Regime | null {
  for (const regime of state.regimes.slice(1)) {
    const fit = compare(sighting, regime, table);
    if (fit.novel.length > 0 || fit.moved || fit.aliases.length > 0) continue;
    if (fit.evidence >= explainedBelow) continue;
    const fixed = fixedNodes(regime, 0.8);
    const present = fixed.filter((node) => sighting.nodes.includes(node)).length;
    if (present < 0.6 * fixed.length) continue;
    if (rival !== null && known(sighting, rival) >= known(sighting, regime)) continue;
    return regime;
  }
  return null;
}

function known(sighting: Sighting, regime: Regime): number {
  return sighting.nodes.filter((node) => regime.seen[node] !== undefined).length;
}

function switchTo(
  state: RouteState,
  from: Regime,
  sighting: Sighting,
  apart: RouteDifference,
  sightings: readonly Sighting[],
): RouteEvent[] {
  const { deviations } = state;
  const first = deviations[0]?.sighting.at ?? sighting.at;
  const last = deviations.at(-1)?.regime ?? null;
  const after = state.explainedAt;
  state.evidence = 0;
  state.deviations = [];
  state.explainedAt = sighting.at;
  const told = { from, difference: apart, after, by: first, sightings };
  if (apart.level === 'same_site') {
    adopt(from, sightings);
    return [{ kind: 'changed', to: from, seenBefore: false, ...told }];
  }
  const same = deviations.filter((deviation) => deviation.regime === last);
  let to = last === null ? undefined : state.regimes.find((regime) => regime.id === last);
  const seenBefore = to !== undefined;
  to ??= createRegime(state.nextRegime++, first);
  for (const deviation of same) learn(to, deviation.sighting);
  state.regimes = [to, ...state.regimes.filter((regime) => regime !== to)];
  forgetRegimes(state);
  const sinceSwitch = state.sinceSwitch;
  state.sinceSwitch = 0;
  state.short = [];
  state.switchedAt = sighting.at;
  return tell(state, to, sinceSwitch, { to, seenBefore, ...told });
}

function tell(
  state: RouteState,
  to: Regime,
  sinceSwitch: number,
  event: Omit<RouteEvent, 'kind'>,
): RouteEvent[] {
  if (state.flapping) {
    state.calm = 0;
    return [];
  }
  if (to.id === state.base) {
    if (!state.open) return [];
    state.open = false;
    state.sinceReturn = 0;
    return [{ kind: 'recovered', ...event }];
  }
  const removed = event.difference?.removed ?? [];
  if (state.open && sinceSwitch <= correctionTraces) return [];
  const again = state.lastRemoved.some((node) => removed.includes(node)) || event.seenBefore;
  const soon = state.sinceReturn !== null && state.sinceReturn <= flapWindow;
  state.lastRemoved = [...removed];
  if (again && soon) {
    state.flapping = true;
    state.open = true;
    state.calm = 0;
    return [{ kind: 'flap', ...event }];
  }
  state.open = true;
  return [{ kind: 'changed', ...event }];
}

/** Too many short detours in too few traces: the route flaps, though no detour lasted. */
function restless(
  state: RouteState,
  current: Regime,
  last: Sighting,
  sightings: readonly Sighting[],
  table: NodeTable,
): RouteEvent[] {
  if (state.flapping || state.detours.length < flapDetours) return [];
  state.flapping = true;
  state.open = true;
  state.calm = 0;
  const apart = difference(current, sightings, table);
  return [{ ...plain('flap', current, last), difference: apart, sightings }];
}

function calm(state: RouteState, current: Regime, sighting: Sighting): RouteEvent[] {
  if (!state.flapping || ++state.calm < calmTraces) return [];
  state.flapping = false;
  state.flaps++;
  state.open = false;
  state.base = current.id;
  state.sinceReturn = null;
  return [plain('recovered', current, sighting)];
}

function accept(state: RouteState, current: Regime, sighting: Sighting): RouteEvent[] {
  if (current.id === state.base || state.switchedAt === null || state.flapping) return [];
  if (sighting.at - state.switchedAt < acceptSeconds) return [];
  state.base = current.id;
  state.open = false;
  return [plain('accepted', current, sighting)];
}

function plain(kind: RouteEvent['kind'], regime: Regime, sighting: Sighting): RouteEvent {
  return {
    kind,
    from: regime,
    to: regime,
    difference: null,
    after: null,
    by: sighting.at,
    sightings: [],
    seenBefore: true,
  };
}

/** Keeps the current regime, the base, and the most recently used of the others. */
export function forgetRegimes(state: RouteState): void {
  const kept = state.regimes.slice(0, rememberedRegimes);
  const base = state.regimes.find((regime) => regime.id === state.base);
  if (base && !kept.includes(base)) kept[kept.length - 1] = base;
  state.regimes = kept;
}
