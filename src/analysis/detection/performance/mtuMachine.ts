import type { Baseline } from '../route/baseline.ts';
import type { PerformanceState } from './performanceState.ts';

/** A value of a smaller share of the baseline's traces is no usual MTU. */
const usualShare = 0.04;
/** Traces with an MTU that show the usual one. */
const knownTraces = 8;
/** Traces in a row that make a drop, and that end it. */
const tracesInRow = 3;

/**
 * Processes the path MTU, bytes, of one trace that reached the destination. Returns the usual and
 * the new value when it has just dropped, `clear` when it has recovered, else null. A baseline
 * learns its MTU only while no drop is open.
 */
export function stepMtu(
  state: PerformanceState,
  baseline: Baseline,
  mtu: number,
): { before: number; after: number } | 'clear' | null {
  const usual = usualMtu(baseline);
  if (state.mtu !== null) return checkRecovered(state, mtu);
  if (usual === null || mtu >= usual) {
    state.lowMtus = 0;
    baseline.mtus[mtu] = (baseline.mtus[mtu] ?? 0) + 1;
    return null;
  }
  state.lowMtus++;
  return state.lowMtus >= tracesInRow ? { before: usual, after: mtu } : null;
}

function checkRecovered(state: PerformanceState, mtu: number): 'clear' | null {
  state.lowMtus = state.mtu !== null && mtu >= state.mtu.before ? state.lowMtus - 1 : tracesInRow;
  return state.lowMtus <= 0 ? 'clear' : null;
}

/** The smallest MTU that a baseline usually shows, bytes; null when too little is known. */
export function usualMtu(baseline: Baseline): number | null {
  let total = 0;
  for (const key in baseline.mtus) total += baseline.mtus[Number(key)] as number;
  if (total < knownTraces) return null;
  let minMtu: number | null = null;
  for (const key in baseline.mtus) {
    const value = Number(key);
    if ((baseline.mtus[value] as number) < usualShare * total) continue;
    if (minMtu === null || value < minMtu) minMtu = value;
  }
  return minMtu;
}
