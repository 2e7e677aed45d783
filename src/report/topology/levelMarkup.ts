import { html, type Markup, nothing } from '../html.ts';
import type { EdgeView, LevelView, NodeRow, NodeView } from './topologyLevel.ts';

/** The drawing of one level as SVG. */
export function levelDrawing(name: string, { width, height, nodes, edges }: LevelView): Markup {
  return html`<svg class="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="${name}: sources on the left, destinations on the right. The table below has the same content.">
<g class="edges">
${edges.map(edgeMarkup)}</g>
${nodes.map(nodeMarkup)}</svg>
`;
}

function edgeMarkup({ state, silent, d, width, tests, title }: EdgeView): Markup {
  const silentClass = silent ? ' silent' : '';
  return html`<path class="edge to-${state}${silentClass}" d="${d}" stroke-width="${width}" data-tests="${tests}"><title>${title}</title></path>\n`;
}

function nodeMarkup(node: NodeView): Markup {
  const href = node.anchor === '' ? nothing : html` href="#${node.anchor}"`;
  return html`<a class="node ${node.kind} hue-${node.hue} to-${node.state}"${href} data-tests="${node.tests}"><title>${node.title}</title><svg x="${node.x}" y="${node.y}" width="148" height="30"><rect class="box" x="0.75" y="0.75" width="146.5" height="28.5" rx="4"/><rect class="stripe" x="1" y="1" width="5" height="28"/><text x="12" y="13">${node.label}</text><text class="detail" x="12" y="25">${node.detail}</text></svg></a>\n`;
}

/** Rows of the table of nodes. */
export function nodeRows(rows: readonly NodeRow[]): Markup {
  return html`${rows.map(nodeRowMarkup)}`;
}

function nodeRowMarkup(row: NodeRow): Markup {
  const links = row.links.map(({ href, text }) => html`<a href="${href}"><bdi>${text}</bdi></a> `);
  return html`<tr id="${row.anchor}"><th scope="row"><bdi>${row.label}</bdi> <span class="muted">${row.detail}</span></th><td>${row.role}</td><td><bdi>${row.as}</bdi></td><td class="num">${row.count}</td><td><span class="state ${row.state.state}"><span class="glyph" aria-hidden="true">${row.state.glyph}</span>${row.state.word}</span></td><td>${links}${row.more}</td></tr>\n`;
}
