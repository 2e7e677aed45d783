import type { TimeText } from '../../model/values/format.ts';
import { html, type Markup } from '../html.ts';
import type { ListRow } from './matrixList.ts';

/** Rows of the list below the grid. */
export function listMarkup(rows: readonly ListRow[]): Markup {
  return html`${rows.map(rowMarkup)}`;
}

function rowMarkup(row: ListRow): Markup {
  return html`<tr><td>${stateMarkup(row)}</td><td>${nameMarkup(row.source)}</td><td>${nameMarkup(row.destination)}</td><td>${row.family}</td><td>${row.rtt}</td><td>${row.usual}</td><td>${row.loss}</td><td>${row.hops}</td><td>${row.mtu}</td><td>${row.asPathLength}</td><td>${timeMarkup(row.lastRouteChange)}</td><td>${timeMarkup(row.lastTrace)}</td><td><bdi>${row.reason}</bdi></td></tr>\n`;
}

function stateMarkup({ href, state: { state, glyph, word } }: ListRow): Markup {
  const content = html`<span class="glyph">${glyph}</span>${word}`;
  return href === ''
    ? html`<span class="state ${state}">${content}</span>`
    : html`<a class="state ${state}" href="${href}">${content}</a>`;
}

function nameMarkup(parts: readonly string[]): Markup {
  return html`<bdi>${parts.map((part) => html`<span>${part}</span>`)}</bdi>`;
}

function timeMarkup({ iso, text }: TimeText): Markup {
  return iso === '' ? html`–` : html`<time datetime="${iso}">${text}</time>`;
}
