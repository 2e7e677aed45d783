import { html, type Markup, nothing } from '../html.ts';
import type { StateText } from '../stateText.ts';
import type { CellView } from './matrixCell.ts';
import type { GridView, HeadView, RowGroup } from './matrixGrid.ts';
import type { GridCell } from './matrixTypes.ts';

/** Table bodies of the grid. */
export function gridRows({ rowGroups }: GridView): Markup {
  return html`${rowGroups.map(groupBody)}`;
}

function groupBody(group: RowGroup): Markup {
  const heading = group.name === '' ? nothing : groupHeading(group);
  const rows = group.rows.map(
    ({ head, cells }) => html`<tr>${rowHead(head)}${cells.map(cellMarkup)}</tr>\n`,
  );
  return html`<tbody>\n${heading}${rows}</tbody>\n`;
}

function groupHeading({ name, worst, columns }: RowGroup): Markup {
  const mark =
    worst === null
      ? nothing
      : html` <span class="${worst.state}" role="img" aria-label="worst: ${worst.word}">${worst.glyph}</span>`;
  return html`<tr class="group"><th scope="rowgroup" data-group="${name}"><bdi>${name}</bdi>${mark}</th>${columns.map(worstCell)}</tr>\n`;
}

function worstCell(worst: StateText | null): Markup {
  if (worst === null) return html`<td></td>`;
  return html`<td><b class="${worst.state}" role="img" aria-label="worst: ${worst.word}">${worst.glyph}</b></td>`;
}

function rowHead({ text, title, hasDisplayName, group }: HeadView): Markup {
  const displayName = hasDisplayName ? html` data-display-name` : nothing;
  const groupName = group === '' ? nothing : html` data-group="${group}"`;
  return html`<th scope="row" title="${title}"${displayName}${groupName}><bdi>${text}</bdi></th>`;
}

function cellMarkup({ isSelf, slots, hasDifferingAsPath }: GridCell): Markup {
  if (slots.length === 0) return isSelf ? html`<td class="self"></td>` : html`<td></td>`;
  const differing = hasDifferingAsPath ? html` class="differing"` : nothing;
  return html`<td${differing}>${slots.map(slotMarkup)}</td>`;
}

function slotMarkup(slot: CellView | null): Markup {
  if (slot === null) return html`<i></i>`;
  const { state, figures, href, label, text } = slot;
  if (href === '') {
    return html`<span class="${state}" data-v="${figures}" role="img" aria-label="${label}">${text}</span>`;
  }
  return html`<a class="${state}" data-v="${figures}" href="${href}" aria-label="${label}">${text}</a>`;
}
