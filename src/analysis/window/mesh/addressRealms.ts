import { endpointId, type Test } from '../../../model/test/test.ts';
import { isLocalAddress } from '../../../model/trace/addressKinds.ts';

/**
 * Finds which endpoints share an address plan. A local address means another machine at every site,
 * so it belongs to the source that saw it; but a source that reaches a local destination shares the
 * plan of that destination, and through it with other sources (a mesh inside one private network).
 * Returns a function from the `endpointId` of a source to the endpoint that represents its realm.
 */
export function createRealmFinder(tests: readonly Test[]): (endpoint: string) => string {
  const parents = new Map<string, string>();
  const find = (endpoint: string): string => {
    let top = endpoint;
    for (let up = parents.get(top); up !== undefined; up = parents.get(top)) top = up;
    return top;
  };
  for (const { source, destination } of tests) {
    if (destination.address === null || !isLocalAddress(destination.address)) continue;
    const [a, b] = [find(endpointId(source)), find(endpointId(destination))].sort();
    if (a !== undefined && b !== undefined && a !== b) parents.set(b, a);
  }
  return find;
}
