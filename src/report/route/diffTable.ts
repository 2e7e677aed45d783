import { html, type Markup } from '../html.ts';
import type { DiffLine } from './diffView.ts';
import { diffClasses } from './routeDiff.ts';

/** The table of a side-by-side diff as the partial shows it. */
export interface DiffTable {
  readonly caption: string;
  /** Titles of the two sides. */
  readonly left: string;
  readonly right: string;
  readonly rows: Markup;
}

/** The lines of a side-by-side diff as rows of its table. */
export function diffTable(
  caption: string,
  [left, right]: readonly [string, string],
  lines: readonly DiffLine[],
): DiffTable {
  return { caption, left, right, rows: html`${lines.map(diffRowMarkup)}` };
}

function diffRowMarkup({ fold, mark, left, right }: DiffLine): Markup {
  if (fold !== '')
    return html`<tr class="fold"><td class="mark"></td><td colspan="4">${fold}</td></tr>\n`;
  return html`<tr class="${diffClasses[mark]}"><td class="mark">${mark === '=' ? '' : mark}</td><td class="num old">${left.ttl}</td><td class="hop old"><bdi>${left.name}</bdi> <span class="muted">${left.detail}</span></td><td class="num new">${right.ttl}</td><td class="hop new"><bdi>${right.name}</bdi> <span class="muted">${right.detail}</span></td></tr>\n`;
}
