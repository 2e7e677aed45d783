import { compare, explainedBelow } from './compare.ts';
import type { NodeTable } from './nodes.ts';
import { createRegime, learn, type Regime } from './regime.ts';
import { fixedNodes } from './regimeHabits.ts';
import type { Sighting } from './sighting.ts';
import type { RouteState } from './state.ts';

const rememberedRegimes = 8;
/** A remembered regime fits when so much of what answers in nearly all of its traces answers now. */
const presentShare = 0.6;
const fixedShare = 0.8;

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
    turn: null,
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
  };
}

/** Keeps the current regime, the base, and the most recently used of the others. */
export function forgetRegimes(state: RouteState): void {
  const kept = state.regimes.slice(0, rememberedRegimes);
  const base = state.regimes.find((regime) => regime.id === state.base);
  if (base && !kept.includes(base)) kept[kept.length - 1] = base;
  state.regimes = kept;
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

/**
 * The remembered regime that explains a trace without anything new, with most of its regular devices present; with a
 * `rival` it also has to know more of the trace than that one does. null when there is none.
 */
export function rememberedFor(
  state: RouteState,
  sighting: Sighting,
  table: NodeTable,
  rival: Regime | null,
): Regime | null {
  for (const regime of state.regimes.slice(1)) {
    const fit = compare(sighting, regime, table);
    if (fit.novel.length > 0 || fit.moved || fit.aliases.length > 0) continue;
    if (fit.evidence >= explainedBelow) continue;
    const fixed = fixedNodes(regime, fixedShare);
    const present = fixed.filter((node) => sighting.nodes.includes(node)).length;
    if (present < presentShare * fixed.length) continue;
    if (rival !== null && known(sighting, rival) >= known(sighting, regime)) continue;
    return regime;
  }
  return null;
}

function known(sighting: Sighting, regime: Regime): number {
  return sighting.nodes.filter((node) => regime.seen[node] !== undefined).length;
}
