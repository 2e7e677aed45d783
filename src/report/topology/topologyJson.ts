import type { MeshAnalysis } from '../../model/analysis.ts';
import { jsonBody } from '../jsonFile.ts';
import type { Page } from '../page.ts';

/**
 * `data/topology.json`: the union of the current routes. `tests` of a node or edge are places in `testIds`, since a busy link
 * is used by thousands of tests.
 */
export function topologyJson({ topology }: MeshAnalysis): Page {
  const numbers = new Map<string, number>();
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  };
  const nodes = topology.nodes.map((node) => ({
    id: node.id,
    address: node.address,
    hostname: node.hostname,
    asn: node.asn,
    asName: node.asName,
    kind: node.kind,
    state: node.state,
    tests: node.testIds.map(numberOf),
  }));
  const edges = topology.edges.map((edge) => ({
    from: edge.from,
    to: edge.to,
    silentHops: edge.silentHops,
    state: edge.state,
    tests: edge.testIds.map(numberOf),
  }));
  return {
    path: 'data/topology.json',
    body: jsonBody({ schemaVersion: 1, testIds: [...numbers.keys()], nodes, edges }),
  };
}
