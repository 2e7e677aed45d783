import type { MeshAnalysis } from '../../model/site/analysis.ts';
import { publicSchemaVersion } from '../../model/site/publicSchema.ts';
import { jsonBody } from '../jsonFile.ts';
import { createNumbering } from '../numbering.ts';
import type { Page } from '../page.ts';

/**
 * `data/topology.json`: the union of the current routes. `tests` of a node or edge are indexes into
 * `testIds`, because thousands of tests use a busy link.
 */
export function topologyJson({ topology }: MeshAnalysis): Page {
  return { path: 'data/topology.json', body: jsonBody(() => graphJson(topology)) };
}

function graphJson({ nodes, edges }: MeshAnalysis['topology']): object {
  const tests = createNumbering();
  // Every test belongs to a node: its source.
  for (const { testIds } of nodes) testIds.forEach(tests.numberOf);
  return {
    schemaVersion: publicSchemaVersion,
    testIds: tests.values.keys(),
    nodes: nodes.values().map((node) => ({
      id: node.id,
      address: node.address,
      hostname: node.hostname,
      asn: node.asn,
      asName: node.asName,
      kind: node.kind,
      state: node.state,
      tests: node.testIds.map(tests.numberOf),
    })),
    edges: edges.values().map((edge) => ({
      from: edge.from,
      to: edge.to,
      silentHops: edge.silentHops,
      state: edge.state,
      tests: edge.testIds.map(tests.numberOf),
    })),
  };
}
