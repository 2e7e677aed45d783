import { html, type Markup, nothing } from '../html.ts';
import type { RelatedTest } from './relatedTests.ts';

/** Links to the tests of the same pair of hosts, a line each. */
export function tabLinks(tabs: readonly RelatedTest[]): Markup {
  return html`${tabs.map(tabLink)}`;
}

function tabLink({ href, label, state, current }: RelatedTest): Markup {
  const here = current ? html` aria-current="page"` : nothing;
  return html`<a href="${href}"${here}><span class="state ${state.state}" title="${state.word}"><span class="glyph" aria-hidden="true">${state.glyph}</span></span> ${label}<span class="hushed">, ${state.word}</span></a>\n`;
}
