import type { MeshAnalysis } from '../../model/analysis.ts';
import { count, counted } from '../format.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { render } from '../templates.ts';
import { asGraph } from './asGraph.ts';
import { testRegister } from './testRegister.ts';
import { routerGraph } from './topologyGraph.ts';
import { asHues, levelView } from './topologyLevel.ts';

/** Beyond this many nodes only the AS level is drawn; nobody reads more, and the page would grow past its budget. */
const mostDrawnNodes = 400;

/** `topology.html`: the union of the current routes, by router and by AS. */
export function topologyPage(mesh: MeshAnalysis, site: SiteContext): Page {
  const { nodes, edges } = mesh.topology;
  const drawn = nodes.length <= mostDrawnNodes;
  const graphs = [
    ...(drawn ? [{ id: 'router', name: 'By router', graph: routerGraph(mesh) }] : []),
    { id: 'as', name: 'By AS', graph: asGraph(mesh) },
  ].filter(({ graph }) => graph.nodes.length > 0);
  const hues = asHues(graphs.map(({ graph }) => graph));
  const register = testRegister(mesh.tests);
  const levels = graphs.map(({ id, name, graph }) => ({
    id,
    name,
    ...levelView(graph, id, hues, register),
  }));
  const tests = register.tests();
  const size = `${counted(nodes.length, 'address', 'addresses')}, ${counted(edges.length, 'link')}`;
  const body = render('topology', {
    layout: layout(site, {
      root: '',
      title: 'Topology',
      description: `Current routes of ${counted(mesh.tests.length, 'test')}: ${size}.`,
      section: 'topology',
    }),
    summary: `The routes now in use by ${counted(mesh.tests.length, 'test')}: ${size}.`,
    tooLarge: drawn ? '' : count(nodes.length),
    levels,
    tests,
    hosts: register.hosts(),
  });
  return { path: 'topology.html', body };
}
