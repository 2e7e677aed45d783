import { least } from 'd3-array';
import { stateRank } from '../../../model/site/analysis.ts';
import { find, findAll } from '../shared/dom.ts';
import type { Grid, GridHead, PageCell } from './gridCells.ts';

/** A cell as a td shows it. */
export interface Half {
  readonly cell: PageCell;
  readonly direction: '' | 'forward' | 'reverse';
}

/**
 * The halves of a cell: IPv4 and IPv6 as in the HTML, or forward and reverse direction. A mark
 * shows where AS paths differ.
 */
export interface GridHalves {
  /**
   * Shows the chosen halves; '' for no choice. Call it after each change of the content of cells.
   */
  show(choice: string, family: string): void;
  /** The cells that a td shows, from top to bottom; none for a td without. */
  halvesOf(td: HTMLTableCellElement): Half[];
  isDiffering(cell: PageCell): boolean;
  /** Names the AS path that the path of a differing cell is compared with. */
  differenceText(): string;
}

/** Bits of the figure `asDifference`. */
const familyBit = 1;
const directionBit = 2;

export function createHalves({ table, rows, columns, cells }: Grid): GridHalves {
  const hint = find('[data-halves-hint]');
  const familyHint = hint.textContent ?? '';
  let cellsByTd: Map<HTMLTableCellElement, PageCell[]> | null = null;
  let cellsByPair: Map<string, PageCell[]> | null = null;
  let isReverse = false;
  let family = '';
  let isMarked = false;

  function pairKey(from: GridHead, to: GridHead): string {
    return `${from.name}\n${to.name}`;
  }

  function ofPair(from: GridHead, to: GridHead): readonly PageCell[] {
    cellsByPair ??= Map.groupBy(cells, (cell) => pairKey(cell.from, cell.to));
    return cellsByPair.get(pairKey(from, to)) ?? [];
  }

  function ofTd(td: HTMLTableCellElement): readonly PageCell[] {
    cellsByTd ??= Map.groupBy(cells, (cell) => cell.td);
    return cellsByTd.get(td) ?? [];
  }

  /** The worst cell that passes the filters; undefined when none does. */
  function worst(some: readonly PageCell[]): PageCell | undefined {
    const shown = some.filter(
      (cell) => !cell.isOut && (family === '' || String(cell.family) === family),
    );
    return least(shown, ({ state }) => stateRank(state));
  }

  function isDiffering(cell: PageCell): boolean {
    const bits = cell.figure('asDifference') ?? 0;
    if (isReverse) return (bits & directionBit) !== 0;
    return family === '' && (bits & familyBit) !== 0;
  }

  function differenceText(): string {
    return isReverse ? 'differs from the reverse direction' : 'differs between IPv4 and IPv6';
  }

  function halvesOf(td: HTMLTableCellElement): Half[] {
    const own = ofTd(td);
    if (!isReverse) return own.map((cell) => ({ cell, direction: '' }));
    const row = rows.find((one) => one.row === td.parentElement);
    const column = columns[td.cellIndex - 1];
    if (row === undefined || column === undefined) return [];
    const [forward, reverse] = [worst(own), worst(ofPair(column, row))];
    return [
      ...(forward === undefined ? [] : [{ cell: forward, direction: 'forward' as const }]),
      ...(reverse === undefined ? [] : [{ cell: reverse, direction: 'reverse' as const }]),
    ];
  }

  function reverseCopy(cell: PageCell | undefined): HTMLElement {
    if (cell === undefined) {
      const gap = document.createElement('i');
      gap.className = 'gap';
      return gap;
    }
    const copy = cell.element.cloneNode(true) as HTMLElement;
    copy.classList.add('reverse-copy');
    copy.tabIndex = -1;
    return copy;
  }

  function showReverse(): void {
    for (const row of rows) {
      for (const [index, column] of columns.entries()) {
        const td = row.row.cells[index + 1];
        if (td !== undefined) appendReverse(td, worst(ofPair(column, row)));
      }
    }
  }

  function appendReverse(td: HTMLTableCellElement, reverse: PageCell | undefined): void {
    const own = ofTd(td);
    const forward = worst(own);
    if (forward === undefined && reverse === undefined) return;
    for (const cell of own) cell.element.classList.toggle('hidden-half', cell !== forward);
    if (forward === undefined) td.append(reverseCopy(undefined));
    td.append(reverseCopy(reverse));
  }

  /** The label of a cell with the step and the difference that the cell shows now. */
  function fullLabel(cell: PageCell, differing: boolean): string {
    const more = [
      cell.step === null ? '' : (cell.element.textContent ?? ''),
      differing ? `AS path ${differenceText()}` : '',
    ].filter((part) => part !== '');
    return more.length === 0 ? cell.label : [cell.label.replace(/\.$/, ''), ...more].join('; ');
  }

  function announce(cell: PageCell): void {
    const differing = isDiffering(cell);
    if (cell.step === null && !differing && cell.announcedLabel === null) return;
    const text = fullLabel(cell, differing);
    if ((cell.announcedLabel ?? cell.label) !== text) cell.element.setAttribute('aria-label', text);
    cell.announcedLabel = text;
  }

  function mark(): void {
    for (const cell of cells) announce(cell);
    // Without a choice the HTML is already right.
    if (!isReverse && family === '' && !isMarked) return;
    isMarked = true;
    for (const { td } of cells) td.classList.remove('differing');
    for (const cell of cells) if (isDiffering(cell)) cell.td.classList.add('differing');
  }

  function clear(): void {
    for (const copy of findAll('.reverse-copy, .gap', table)) copy.remove();
    for (const cell of cells) cell.element.classList.remove('hidden-half');
  }

  function hintText(): string {
    if (!isReverse) return familyHint;
    const isBoth = table.classList.contains('dual') && family === '';
    const both = isBoth ? ', the worse family of each' : '';
    return `Upper half forward, lower half reverse${both}; ◥ where their AS paths differ. `;
  }

  function show(choice: string, chosenFamily: string): void {
    if (isReverse) clear();
    isReverse = choice === 'reverse';
    family = chosenFamily;
    table.classList.toggle('halved', isReverse);
    mark();
    if (isReverse) showReverse();
    hint.textContent = hintText();
  }

  return { show, halvesOf, isDiffering, differenceText };
}
