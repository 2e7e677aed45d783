import {
  familyLabel,
  formatDuration,
  formatMs,
  formatPercent,
} from '../../../model/values/format.ts';
import { isolated, node } from '../shared/dom.ts';
import type { Grid, PageCell } from './gridCells.ts';
import type { GridHalves, Half } from './gridHalves.ts';

/** Pixels between card and cell, and between card and window. */
const cellGap = 12;
const windowGap = 4;

/**
 * Highlights the row and column of the cell under the pointer or focus and shows its figures in a
 * card.
 */
export function startCard({ table, rows, columns }: Grid, halves: GridHalves): void {
  const card = node('div', 'card');
  card.hidden = true;
  document.body.append(card);
  let highlighted: Element[] = [];
  let last: HTMLTableCellElement | null = null;

  function highlight(td: HTMLTableCellElement | null): void {
    for (const element of highlighted) element.classList.remove('on');
    highlighted = td === null ? [] : lineOf(td);
    for (const element of highlighted) element.classList.add('on');
  }

  /** Every cell of the row and column of a cell. */
  function lineOf({ cellIndex, parentElement }: HTMLTableCellElement): Element[] {
    const head = columns[cellIndex - 1]?.element;
    const column = rows.flatMap(({ row }) => row.cells[cellIndex] ?? []);
    return [...(parentElement?.children ?? []), ...column, ...(head === undefined ? [] : [head])];
  }

  function facts(cell: PageCell): HTMLElement {
    const number = (value: number | null) => (value === null ? '' : String(value));
    const ms = (value: number | null) => (value === null ? '' : formatMs(value));
    const [loss, changed] = [cell.figure('loss'), cell.figure('change')];
    const entries = [
      ['RTT', ms(cell.figure('rtt'))],
      ['usual', ms(cell.figure('usual'))],
      ['loss', loss === null ? '' : formatPercent(loss)],
      ['hops', number(cell.figure('hops'))],
      ['path MTU', number(cell.figure('mtu'))],
      ['ASes', number(cell.figure('as'))],
      ['AS path', halves.isDiffering(cell) ? halves.differenceText() : ''],
      ['route changed', changed === null ? '' : `${formatDuration(changed)} before`],
    ] as const;
    const known = entries.filter(([, text]) => text !== '');
    return node(
      'dl',
      '',
      ...known.flatMap(([term, text]) => [node('dt', '', term), node('dd', '', text)]),
    );
  }

  function half({ cell, direction }: Half): HTMLElement {
    const chip = node('span', `state ${cell.state}`, node('span', 'glyph', cell.glyph), cell.state);
    const title = node('div', '', chip, ` ${familyLabel(cell.family)} ${direction}`);
    const reason = cell.reason === '' ? [] : [node('div', '', isolated(cell.reason))];
    return node('div', 'half', title, ...reason, facts(cell));
  }

  function place(td: HTMLTableCellElement): void {
    const cell = td.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const right = cell.right + cellGap;
    const left = right + width > innerWidth ? cell.left - width - cellGap : right;
    const top = Math.min(cell.top, innerHeight - height - windowGap);
    card.style.left = `${Math.max(windowGap, left)}px`;
    card.style.top = `${Math.max(windowGap, top)}px`;
  }

  function show(td: HTMLTableCellElement | null): void {
    highlight(td);
    const shown = td === null ? [] : halves.halvesOf(td);
    const [first] = shown;
    card.hidden = first === undefined;
    if (td === null || first === undefined) return;
    const { from, to } = first.cell;
    const ends = first.direction === 'reverse' ? [to, from] : [from, to];
    const [source, destination] = ends.map(({ name }) => isolated(name));
    const pair = node('p', 'pair', source ?? '', ' → ', destination ?? '');
    card.replaceChildren(pair, ...shown.map(half));
    place(td);
  }

  function showCard({ target }: Event): void {
    const td = (target as Element).closest<HTMLTableCellElement>(
      'tbody tr:not(.group) td:not(.sums)',
    );
    if (td === last) return;
    last = td;
    show(td);
  }

  function hideCard(): void {
    last = null;
    show(null);
  }

  table.addEventListener('mouseover', showCard);
  table.addEventListener('mouseleave', hideCard);
  table.addEventListener('focusin', showCard);
  table.addEventListener('focusout', hideCard);
  table.closest('.grid-scroll')?.addEventListener('scroll', hideCard, { passive: true });
  document.addEventListener('input', hideCard);
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hideCard();
  });
}
