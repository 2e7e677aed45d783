import { usualNode } from './alias.ts';
import { type Comparison, compare, explainedBelow } from './compare.ts';
import { settleDetour } from './detour.ts';
import type { NodeTable } from './nodes.ts';
import { adopt, createRegime, learn, type Regime } from './regime.ts';
import { difference, type RouteDifference } from './routeClass.ts';
import { accept, calm, flapWindow, type RouteEvent, restless, tellSwitch } from './routeEvents.ts';
import { forgetRegimes, rememberedFor } from './routeState.ts';
import { replaceNode, type Sighting } from './sighting.ts';
import type { RouteState } from './state.ts';
import { followTurn, watchTurn, withoutHop } from './turns.ts';

const learningTraces = 6;
/** Evidence in nats that a regime is over: two traces that should not be, each one in a hundred or less. */
const switchEvidence = 8.5;
/** Below this many traces a regime is young: a change inside one AS needs more evidence. */
const youngTraces = 20;
const youngEvidence = 14;
const explainedRelief = 5;
/** A trace that fits a remembered regime counts at least this much, and a bonus. */
const knownRouteEvidence = 3.5;
const knownRouteBonus = 1.5;
/** Deviating traces kept. */
const keptDeviations = 24;
/** Short traces kept while an outage is possible. */
const keptShort = 12;

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
    joinAliases(sighting, fit.aliases, current, join);
    return explained(state, current, sighting, whole, table);
  }
  return deviates(state, current, sighting, fit, better, table);
}

/** Another address of a device is that device from now on. */
function joinAliases(
  sighting: Sighting,
  aliases: readonly number[],
  regime: Regime,
  join: (from: number, into: number) => void,
): void {
  for (const index of aliases) {
    const usual = usualNode(regime.positions[sighting.ttls[index] as number]);
    const alias = sighting.nodes[index] as number;
    if (usual === null || usual === alias) continue;
    join(alias, usual);
    replaceNode(sighting, alias, usual);
  }
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
  const turned = turn(state, current, sighting, table);
  if (turned !== null) return turned;
  if (whole) learn(current, sighting);
  else if (state.short.length < keptShort) state.short.push(sighting);
  state.explainedAt = sighting.at;
  return [...flap, ...calm(state, current, sighting), ...accept(state, current, sighting)];
}

/** The events of a route that turned without showing anything new; null where nothing turned. */
function turn(
  state: RouteState,
  current: Regime,
  sighting: Sighting,
  table: NodeTable,
): RouteEvent[] | null {
  state.turn ??= watchTurn(sighting, table, current, state.explainedAt);
  if (state.turn === null) return null;
  const { sightings, before, after } = state.turn;
  const course = followTurn(state.turn, sighting, current);
  if (course === 'open') return null;
  state.turn = null;
  if (course === 'renumbered') return null;
  const to = withoutHop(current, before, state.nextRegime++);
  state.regimes.unshift(to);
  forgetRegimes(state);
  const sinceSwitch = state.sinceSwitch;
  state.sinceSwitch = 0;
  state.switchedAt = sighting.at;
  const by = sightings[0]?.at ?? sighting.at;
  const apart = difference(current, sightings, table);
  const event = { from: current, to, difference: apart, after, by, sightings, seenAt: null };
  return tellSwitch(state, to, sinceSwitch, event);
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
  const evidence =
    known === null ? fit.evidence : Math.max(fit.evidence, knownRouteEvidence) + knownRouteBonus;
  state.evidence += evidence;
  state.deviations.push({ sighting, evidence, regime: known?.id ?? null });
  if (state.deviations.length > keptDeviations) state.deviations.shift();
  if (state.evidence < switchEvidence || state.deviations.length < 2) return [];
  const sightings = state.deviations.map((deviation) => deviation.sighting);
  const apart = difference(current, sightings, table);
  const careful = known === null && current.held < youngTraces && apart.level !== 'inter_as';
  if (careful && state.evidence < youngEvidence) return [];
  return switchTo(state, current, sighting, apart, sightings);
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
  state.turn = null;
  state.explainedAt = sighting.at;
  const told = { from, difference: apart, after, by: first, sightings };
  if (apart.level === 'same_site') {
    adopt(from, sightings);
    return [{ kind: 'changed', to: from, seenAt: null, ...told }];
  }
  const same = deviations.filter((deviation) => deviation.regime === last);
  let to = last === null ? undefined : state.regimes.find((regime) => regime.id === last);
  const seenAt = to?.lastAt ?? null;
  to ??= createRegime(state.nextRegime++, first);
  for (const deviation of same) learn(to, deviation.sighting);
  state.regimes = [to, ...state.regimes.filter((regime) => regime !== to)];
  forgetRegimes(state);
  const sinceSwitch = state.sinceSwitch;
  state.sinceSwitch = 0;
  state.short = [];
  state.switchedAt = sighting.at;
  return tellSwitch(state, to, sinceSwitch, { to, seenAt, ...told });
}
