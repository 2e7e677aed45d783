import { html, type Markup } from '../html.ts';
import type { DiffLine } from './diffView.ts';

const classes = { '+': 'added', '-': 'removed', '~': 'replaced', '=': 'same' } as const;

/** The table of a side-by-side diff, with the titles of its two sides. */
export function sideBySide(
  caption: string,
  [left, right]: readonly [string, string],
  lines: readonly DiffLine[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Hops of ${caption}">
<table class="diff-table">
<thead><tr><td></td><th scope="col" colspan="2">${left}</th><th scope="col" colspan="2">${right}</th></tr></thead>
<tbody>
${lines.map(lineMarkup)}</tbody>
</table>
</div>
`;
}

function lineMarkup({ fold, mark, left, right }: DiffLine): Markup {
  if (fold !== '')
    return html`<tr class="fold"><td class="mark"></td><td colspan="4">${fold}</td></tr>\n`;
  return html`<tr class="${classes[mark]}"><td class="mark">${mark === '=' ? '' : mark}</td><td class="num old">${left.ttl}</td><td class="hop old"><bdi>${left.name}</bdi> <span class="muted">${left.detail}</span></td><td class="num new">${right.ttl}</td><td class="hop new"><bdi>${right.name}</bdi> <span class="muted">${right.detail}</span></td></tr>\n`;
}
