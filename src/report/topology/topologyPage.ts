import type { MeshAnalysis } from '../../model/site/analysis.ts';
import { formatCount, pluralize } from '../../model/values/format.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { renderPage } from '../templates.ts';
import { asGraph } from './asGraph.ts';
import { levelDrawing, nodeRows } from './levelMarkup.ts';
import { createTestRegister } from './testRegister.ts';
import { routerGraph } from './topologyGraph.ts';
import { asHues, levelView } from './topologyLevel.ts';

/**
 * With more nodes than this, the page draws the AS level only: more are unreadable and too large.
 */
const maxDrawnNodes = 400;

/** Names of the rows in the table of a level. */
const routerNames = { rowName: 'Host or router', rowNames: 'Hosts and routers' };
const asNames = { rowName: 'AS number', rowNames: 'AS numbers' };

/** `topology.html`: the union of the current routes, by router and by AS. */
export function topologyPage(mesh: MeshAnalysis, site: SiteContext): Page {
  const { nodes, edges } = mesh.topology;
  const isDrawn = nodes.length <= maxDrawnNodes;
  const graphs = [
    ...(isDrawn
      ? [{ id: 'router', name: 'By router', names: routerNames, graph: routerGraph(mesh) }]
      : []),
    { id: 'as', name: 'By AS', names: asNames, graph: asGraph(mesh) },
  ].filter(({ graph }) => graph.nodes.length > 0);
  const hues = asHues(graphs.map(({ graph }) => graph));
  const register = createTestRegister(mesh.tests);
  const levels = graphs.map(({ id, name, names, graph }) => {
    const level = levelView(graph, id, hues, register);
    const drawing = levelDrawing(name, level);
    return { id, name, ...names, drawing, rows: nodeRows(level.rows), rowsLeft: level.rowsLeft };
  });
  const tests = register.tests();
  const size = `${pluralize(nodes.length, 'address', 'addresses')}, ${pluralize(edges.length, 'link')}`;
  const body = renderPage('topology', {
    layout: pageLayout(site, {
      root: '',
      title: 'Topology',
      description: `Current routes of ${pluralize(mesh.tests.length, 'test')}: ${size}.`,
      section: 'topology',
    }),
    summary: `Current routes of ${pluralize(mesh.tests.length, 'test')}: ${size}.`,
    tooLarge: isDrawn ? '' : formatCount(nodes.length),
    levels,
    tests,
    hosts: register.hosts(),
  });
  return { path: 'topology.html', body };
}
