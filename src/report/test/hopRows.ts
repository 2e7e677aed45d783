import { html, type Markup, nothing } from '../html.ts';
import type { HopGroup } from './hopTable.ts';

type HopTableRow = HopGroup['rows'][number];

/** Table bodies of the hop table. */
export function hopRows(hops: readonly HopGroup[]): Markup {
  return html`${hops.map(hopBody)}`;
}

function hopBody(hop: HopGroup): Markup {
  if (hop.silent !== '')
    return html`<tbody class="silent"><tr><th scope="row" class="num">${hop.ttl}</th><td colspan="14">${hop.silent}</td></tr></tbody>\n`;
  const boundary = hop.asBoundary ? html` class="as-boundary"` : nothing;
  const rows = hop.rows.map((row, index) => hopRow(hop, row, index === 0));
  const omitted =
    hop.omittedOtherRouteRows > 0
      ? html`<tr class="other-route"><td></td><td colspan="14">and ${hop.omittedOtherRouteRows} more on other routes</td></tr>\n`
      : nothing;
  return html`<tbody${boundary}>\n${rows}${omitted}</tbody>\n`;
}

/** The cells of the hop are in its first row and span the others. */
function hopRow(hop: HopGroup, row: HopTableRow, first: boolean): Markup {
  const span = hop.rows.length;
  const ttl = first
    ? html`<th scope="rowgroup" class="num" rowspan="${span}">${hop.ttl}</th>`
    : nothing;
  const mtu = first ? html`<td class="num" rowspan="${span}">${hop.mtu}</td>` : nothing;
  const error = first && hop.error !== '' ? html` <bdi class="icmp">${hop.error}</bdi>` : nothing;
  const otherRouteClass = row.isOnOtherRoute ? html` class="other-route"` : nothing;
  const asName = row.asName === '' ? nothing : html` <bdi class="muted">${row.asName}</bdi>`;
  return html`<tr${otherRouteClass}>${ttl}<td class="host"><bdi>${row.name}</bdi>${tagMarkup(row)}</td><td class="mono">${row.address}</td><td class="as">${row.as}${asName}</td>${first ? lossCells(hop) : nothing}<td class="num">${row.samples}</td><td class="num">${row.last}</td><td class="num">${row.min}</td><td class="num">${row.median}</td><td class="num">${row.threshold}</td><td class="num">${row.worst}</td><td class="num">${row.stdev}</td>${mtu}<td class="status">${statusMarkup(row)}${error}</td></tr>\n`;
}

function tagMarkup({ isOnOtherRoute, tag }: HopTableRow): Markup {
  if (isOnOtherRoute) return html` <span class="tag">other route</span>`;
  return tag === '' ? nothing : html` <span class="tag">${tag}</span>`;
}

function lossCells({ lossKind, loss, sent, rows }: HopGroup): Markup {
  const title =
    lossKind === 'local'
      ? html` title="Later hops show less loss: this router rate-limits ICMP; packets are forwarded."`
      : nothing;
  return html`<td class="num loss-${lossKind}" rowspan="${rows.length}"${title}>${loss}</td><td class="num" rowspan="${rows.length}">${sent}</td>`;
}

function statusMarkup({ tag, isOnOtherRoute, status }: HopTableRow): Markup {
  if (tag !== '' || isOnOtherRoute) return nothing;
  if (status === 'warn') return html`<span class="warn">▲ slow</span>`;
  if (status === 'ok') return html`<span class="fine">• ok</span>`;
  return html`<span class="muted">few samples</span>`;
}
