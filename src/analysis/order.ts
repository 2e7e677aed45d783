import { type State, states } from '../model/analysis.ts';
import { type Endpoint, endpointId, type Test } from '../model/test.ts';

/** Order of texts by code unit: the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Order of endpoints: by name without regard to case, then by address. */
export function byName(a: Endpoint, b: Endpoint): number {
  return byText(a.name.toLowerCase(), b.name.toLowerCase()) || byText(endpointId(a), endpointId(b));
}

/** Order of tests: by source, destination and family, then by id. */
export function byPair(a: Test, b: Test): number {
  return (
    byName(a.source, b.source) ||
    byName(a.destination, b.destination) ||
    a.family - b.family ||
    byText(a.id, b.id)
  );
}

/** The worse of two states in the order of `states`. */
export function worse(a: State, b: State): State {
  return states.indexOf(a) <= states.indexOf(b) ? a : b;
}
