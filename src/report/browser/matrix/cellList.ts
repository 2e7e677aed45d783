import { stateRank } from '../../../model/site/analysis.ts';
import {
  familyLabel,
  formatCount,
  formatMsCell,
  formatPercent,
  timeCell,
  unknownText,
} from '../../../model/values/format.ts';
import { button, find, isolated, node } from '../shared/dom.ts';
import { showTimes, timeElement } from '../shared/readerZone.ts';
import type { Figure, Grid, PageCell } from './gridCells.ts';

/** The list below the grid, built from the cells of the grid and sortable by any column. */
export interface CellList {
  /** Shows these cells in the list. `sort` is a column's key; a leading `-` means descending. */
  show(cells: readonly PageCell[], sort: string): void;
  /** Calls back with the key of a column that the reader clicks. */
  onSort(sortBy: (key: string) => void): void;
}

const pageSize = 400;
const collator = new Intl.Collator('en', { numeric: true });

/** Sort key of a cell in a column; null for unknown. */
function sortValue(cell: PageCell, key: string): string | number | null {
  if (key === 'state') return stateRank(cell.state);
  if (key === 'from') return cell.from.displayName;
  if (key === 'to') return cell.to.displayName;
  return key === 'family' ? cell.family : cell.figure(key as Figure);
}

function compareValues(x: string | number, y: string | number): number {
  return typeof x === 'number' && typeof y === 'number'
    ? x - y
    : collator.compare(String(x), String(y));
}

/** Sorts cells; unknown values come last. */
function sortCells(cells: readonly PageCell[], sort: string): PageCell[] {
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = sort.replace(/^-/, '');
  const keyed = cells.map((cell) => ({ cell, value: sortValue(cell, key) }));
  const known = keyed.flatMap(({ cell, value }) => (value === null ? [] : [{ cell, value }]));
  const unknown = keyed.filter(({ value }) => value === null);
  known.sort((a, b) => sign * compareValues(a.value, b.value));
  return [...known, ...unknown].map(({ cell }) => cell);
}

function stateChip({ element, state, glyph }: PageCell): HTMLElement {
  const content = [node('span', 'glyph', glyph), state];
  const href = element.getAttribute('href');
  if (href === null) return node('span', `state ${state}`, ...content);
  const link = node('a', `state ${state}`, ...content);
  link.href = href;
  return link;
}

/** A name as parts, with line breaks allowed in between. */
function nameElement(text: string): HTMLElement {
  return node('bdi', '', ...text.split(/(?<=[.: ])/).map((part) => node('span', '', part)));
}

function row(cell: PageCell, generatedAt: number): HTMLTableRowElement {
  const time = (figure: 'change' | 'last'): string | Node => {
    const age = cell.figure(figure);
    return age === null ? unknownText : timeElement(timeCell(generatedAt - age));
  };
  const mtu = cell.figure('mtu');
  const contents = [
    stateChip(cell),
    nameElement(cell.from.displayName),
    nameElement(cell.to.displayName),
    familyLabel(cell.family),
    formatMsCell(cell.figure('rtt')),
    formatMsCell(cell.figure('usual')),
    formatPercent(cell.figure('loss')),
    formatCount(cell.figure('hops')),
    mtu === null ? unknownText : String(mtu),
    formatCount(cell.figure('as')),
    time('change'),
    time('last'),
    isolated(cell.reason),
  ];
  return node('tr', '', ...contents.map((content) => node('td', '', content)));
}

export function createCellList({ cells, generatedAt }: Grid): CellList {
  const table = find<HTMLTableElement>('[data-list]');
  const body = find<HTMLTableSectionElement>('tbody', table);
  const heads = [...find<HTMLTableRowElement>('thead tr', table).cells];
  const more = find('[data-more]');
  const showAll = find('button', more);
  const note = document.querySelector<HTMLElement>('[data-list-note]');
  /** null while the rows are those of the HTML. */
  let listed: readonly PageCell[] | null = null;

  function showSort(sort: string): void {
    for (const th of heads) {
      const { sort: key } = th.dataset;
      if (sort === key) th.setAttribute('aria-sort', 'ascending');
      else if (sort === `-${key}`) th.setAttribute('aria-sort', 'descending');
      else th.removeAttribute('aria-sort');
    }
  }

  function showMore(total: number, shown: number): void {
    more.hidden = total <= shown;
    showAll.textContent = `Show all ${formatCount(total)}`;
  }

  function fill(shown: readonly PageCell[]): void {
    body.replaceChildren(...shown.map((cell) => row(cell, generatedAt)));
    showTimes(body);
    if (note !== null) note.hidden = true;
  }

  function show(chosen: readonly PageCell[], sort: string): void {
    listed = sortCells(chosen, sort);
    fill(listed.slice(0, pageSize));
    showSort(sort);
    showMore(listed.length, pageSize);
  }

  function onSort(sortBy: (key: string) => void): void {
    for (const th of heads) {
      const { sort: key } = th.dataset;
      if (key !== undefined) th.replaceChildren(button(() => sortBy(key), th.textContent ?? ''));
    }
  }

  showAll.addEventListener('click', () => {
    listed ??= sortCells(cells, 'state');
    fill(listed);
    showMore(listed.length, listed.length);
  });
  showSort('state');
  showMore(cells.length, body.rows.length);
  return { show, onSort };
}
