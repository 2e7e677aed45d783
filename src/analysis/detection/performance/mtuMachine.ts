import type { PerformanceState } from '../detectionState.ts';
import type { Baseline } from '../route/baseline.ts';

/** Values with a smaller share of the regime's traces are no usual MTU of it. */
const usualShare = 0.04;
/** Traces of a regime that are needed to know its MTU. */
const knownTraces = 8;
/** Traces in a row that make a change. */
const tracesInRow = 3;

/**
 * Takes in the path MTU of one trace that reached the destination. Returns the usual and the new value when it has just
 * dropped, `clear` when it is back, else null. A regime learns its MTU only while no drop is open.
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

/** The smallest MTU that a regime usually shows; null when too little is known. */
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
