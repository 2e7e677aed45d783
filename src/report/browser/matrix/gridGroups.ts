import { least } from 'd3-array';
import { type State, stateRank } from '../../../model/site/analysis.ts';
import { button, findAll, node } from '../shared/dom.ts';
import type { Grid, GridHead, PageCell } from './gridCells.ts';

/**
 * Groups of hosts, whose rows or columns fold into one line with the worst state of each crossing.
 */
export interface GridGroups {
  /**
   * Folds the named groups and opens the others. Call it after hiding or showing rows and columns.
   * Returns the number of folded columns.
   */
  fold(names: string): number;
  /** Calls back with the names to fold when the reader clicks on a heading. */
  onFold(foldBy: (names: string) => void): void;
}

/** A mark of the grid: a state and its glyph. */
interface Mark {
  readonly state: State;
  readonly glyph: string;
}

/** A column and its index among the columns. */
interface PlacedColumn {
  readonly column: GridHead;
  readonly index: number;
}

const separator = '|';
/** Rows and columns fold independently: names of columns start with this mark. */
const columnMark = '>';

function worstOf<M extends Mark>(marks: readonly M[]): M | undefined {
  return least(marks, ({ state }) => stateRank(state));
}

/** Marks of the line of a group, which already shows the worst state of each column. */
function marksOfLine(tds: readonly Element[]): Mark[] {
  return tds
    .flatMap((td) => findAll('b:not(.sum)', td))
    .map((mark) => ({ state: mark.className as State, glyph: mark.textContent ?? '' }));
}

function nameOf(line: HTMLTableRowElement): string {
  return line.cells[0]?.dataset.group ?? '';
}

export function createGroups({ table, columns, rows, cells }: Grid): GridGroups {
  const lines = findAll<HTMLTableRowElement>('tr.group', table);
  const headings = findAll<HTMLTableCellElement>('th[scope=colgroup]', table).map((element) => ({
    element,
    name: element.dataset.group ?? '',
    size: element.colSpan,
  }));
  let folded = new Set<string>();
  let cellByElement: Map<Element, PageCell> | null = null;

  /** The visible links of some tds. */
  function visibleCells(tds: readonly Element[]): PageCell[] {
    cellByElement ??= new Map(cells.map((cell) => [cell.element, cell]));
    const links = tds.flatMap((td) => findAll('[data-v]:not(.out, .reverse-copy)', td));
    return links.flatMap((link) => cellByElement?.get(link) ?? []);
  }

  /** Summary of a folded group of columns in one row. */
  function summary(
    row: HTMLTableRowElement,
    own: readonly PlacedColumn[],
    name: string,
  ): HTMLElement {
    const tds = own.flatMap(({ index }) => row.cells[index + 1] ?? []);
    const worst = worstOf<Mark>(
      row.classList.contains('group') ? marksOfLine(tds) : visibleCells(tds),
    );
    const sum = node('b', `sum ${worst?.state ?? ''}`, worst?.glyph ?? '');
    if (worst === undefined) return sum;
    sum.setAttribute('role', 'img');
    sum.setAttribute('aria-label', `to ${name}, worst: ${worst.state}`);
    return sum;
  }

  function unfoldColumns(): void {
    for (const element of findAll('.sum', table)) element.remove();
    for (const element of findAll('.sums', table)) element.classList.remove('sums');
    for (const element of findAll('.in-fold', table)) element.classList.remove('in-fold');
  }

  /** The mark of a folded group of columns is in its first column that passes the filters. */
  function foldColumns(own: readonly PlacedColumn[], name: string): void {
    const [first, ...others] = own;
    if (first === undefined) return;
    const size = table.classList.contains('glyphs') ? `${own.length}` : `${own.length} hosts`;
    first.column.element.classList.add('sums');
    first.column.element.append(node('b', 'sum', size));
    for (const { column } of others) column.element.classList.add('in-fold');
    for (const row of [...lines, ...rows.map((one) => one.row)]) {
      const sum = summary(row, own, name);
      const td = row.cells[first.index + 1];
      td?.classList.add('sums');
      td?.append(sum);
      for (const { index } of others) row.cells[index + 1]?.classList.add('in-fold');
    }
  }

  /** Shows the headings of columns; returns the number of columns that are folded away. */
  function showHeadings(): number {
    let start = 0;
    let foldedAway = 0;
    for (const { element, name, size } of headings) {
      const from = start;
      const own = columns
        .slice(from, from + size)
        .map((column, place) => ({ column, index: from + place }))
        .filter(({ column }) => !column.element.hidden);
      start += size;
      const isFolded = folded.has(columnMark + name);
      element.hidden = own.length === 0;
      element.colSpan = isFolded ? 1 : Math.max(1, own.length);
      showFolded(element, element, isFolded);
      if (!isFolded || own.length === 0) continue;
      foldColumns(own, name);
      foldedAway += own.length - 1;
    }
    return foldedAway;
  }

  function showFolded(box: Element | null, heading: Element, isFolded: boolean): void {
    box?.classList.toggle('folded', isFolded);
    heading.querySelector('button')?.setAttribute('aria-expanded', String(!isFolded));
  }

  function showLine(line: HTMLTableRowElement): void {
    const own = rowsOf(line);
    line.hidden = own.every((row) => row.hidden);
    showFolded(line.parentElement, line, folded.has(nameOf(line)));
    for (const [index, column] of columns.entries()) {
      const td = line.cells[index + 1];
      if (td !== undefined) td.hidden = column.element.hidden;
    }
  }

  function rowsOf(line: HTMLTableRowElement): HTMLTableRowElement[] {
    return findAll<HTMLTableRowElement>('tr:not(.group)', line.parentElement ?? line);
  }

  function fold(names: string): number {
    if (lines.length === 0 && headings.length === 0) return 0;
    unfoldColumns();
    folded = new Set(names === '' ? [] : names.split(separator));
    lines.forEach(showLine);
    return showHeadings();
  }

  function onFold(foldBy: (names: string) => void): void {
    const makeButton = (heading: HTMLTableCellElement, name: string): void => {
      const toggle = (): void => {
        if (!folded.delete(name)) folded.add(name);
        foldBy([...folded].join(separator));
      };
      heading.append(button(toggle, ...heading.childNodes));
    };
    for (const line of lines) if (line.cells[0]) makeButton(line.cells[0], nameOf(line));
    for (const { element, name } of headings) makeButton(element, columnMark + name);
  }

  return { fold, onFold };
}
