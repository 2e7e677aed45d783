import { type State, states } from '../model/analysis.ts';
import { type Endpoint, endpointId, type Test } from '../model/test.ts';

/** Order of texts by code unit: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Order of endpoints: by name without regard to case, then by address. */
export function compareEndpoints(a: Endpoint, b: Endpoint): number {
  return (
    compareText(a.name.toLowerCase(), b.name.toLowerCase()) ||
    compareText(endpointId(a), endpointId(b))
  );
}

/** Order of tests: by source, destination and family, then by id. */
export function compareTests(a: Test, b: Test): number {
  return (
    compareEndpoints(a.source, b.source) ||
    compareEndpoints(a.destination, b.destination) ||
    a.family - b.family ||
    compareText(a.id, b.id)
  );
}

/** The worse of two states in the order of `states`. */
export function worseState(a: State, b: State): State {
  return states.indexOf(a) <= states.indexOf(b) ? a : b;
}
