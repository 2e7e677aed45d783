import { html, type Markup } from '../html.ts';
import type { ChartTableRow } from './chartTable.ts';

/** Rows of the table with the values of the chart. */
export function chartTableMarkup(rows: readonly ChartTableRow[]): Markup {
  return html`${rows.map(rowMarkup)}`;
}

function rowMarkup(row: ChartTableRow): Markup {
  return html`<tr><th scope="row" class="nowrap"><time datetime="${row.time.iso}">${row.time.text}</time></th><td class="num">${row.traces}</td><td class="num">${row.missed}</td><td class="num">${row.median}</td><td class="num">${row.range}</td><td>${row.routes}</td><td class="num">${row.hops}</td><td class="num">${row.mtu}</td></tr>\n`;
}
