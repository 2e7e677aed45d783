import { type State, states } from '../../model/analysis.ts';

const rankByState = new Map(states.map((state, index) => [state, index]));

/** Rank of a state, 0 for the worst. */
export function stateRank(state: State): number {
  return rankByState.get(state) ?? states.length;
}

/** The worse of two states in the order of `states`. */
export function worseState(a: State, b: State): State {
  return stateRank(a) <= stateRank(b) ? a : b;
}
