import { find } from '../shared/dom.ts';
import type { Grid } from './gridCells.ts';

/** Pixels between a focused cell and the sticky headers. */
const headerGap = 4;

/** The visible links of a td. */
function linksOf(td: Element): HTMLElement[] {
  return ([...td.children] as HTMLElement[]).filter(
    (element) =>
      element.dataset.v !== undefined && element.checkVisibility({ visibilityProperty: true }),
  );
}

/**
 * One tab stop for the whole grid: arrow keys move between cells, Home and End to the ends of a
 * row.
 */
export function startKeys({ table, rows, cells }: Grid): void {
  const lines = rows.map(({ row }) => row);
  const scrollBox = table.closest<HTMLElement>('.grid-scroll');
  const start = cells.find(({ isProblem }) => isProblem) ?? cells[0];
  if (start === undefined) return;
  let current = start.element;

  /**
   * Links of the next cell with visible links, in steps of `right` columns and `down` rows; none at
   * the edge.
   */
  function next(td: HTMLTableCellElement, right: number, down: number): HTMLElement[] {
    let column = td.cellIndex + right;
    let row = lines.indexOf(td.parentElement as HTMLTableRowElement) + down;
    while (column > 0) {
      const cell = lines[row]?.cells[column];
      if (cell === undefined) return [];
      const links = linksOf(cell);
      if (links.length > 0) return links;
      column += right;
      row += down;
    }
    return [];
  }

  /** Where a key leads; undefined at the edge, and for keys that do not move. */
  function target(element: HTMLElement, key: string): HTMLElement | undefined {
    const td = element.closest('td') as HTMLTableCellElement;
    const row = td.parentElement as HTMLTableRowElement;
    const stack = linksOf(td);
    const level = stack.indexOf(element);
    const atLevel = (links: readonly HTMLElement[]) => links[Math.min(level, links.length - 1)];
    switch (key) {
      case 'ArrowRight':
        return atLevel(next(td, 1, 0));
      case 'ArrowLeft':
        return atLevel(next(td, -1, 0));
      case 'ArrowDown':
        return stack[level + 1] ?? next(td, 0, 1).at(0);
      case 'ArrowUp':
        return stack[level - 1] ?? next(td, 0, -1).at(-1);
      case 'Home':
        return atLevel([...row.cells].slice(1).map(linksOf).find(isFilled) ?? []);
      case 'End':
        return atLevel([...row.cells].slice(1).map(linksOf).findLast(isFilled) ?? []);
      default:
        return undefined;
    }
  }

  function isFilled({ length }: readonly HTMLElement[]): boolean {
    return length > 0;
  }

  /** Keeps the focused cell clear of the sticky headers. */
  function clearHeaders(): void {
    const { width, height } = find('.corner', table).getBoundingClientRect();
    const [top, left] = [height + headerGap, width + headerGap];
    if (scrollBox) {
      scrollBox.style.scrollPadding = `${top}px ${headerGap}px ${headerGap}px ${left}px`;
    }
  }

  for (const { element } of cells) element.tabIndex = -1;
  current.tabIndex = 0;
  table.addEventListener('keydown', (event) => {
    const element = event.target as HTMLElement;
    if (event.altKey || event.ctrlKey || event.metaKey || element.dataset.v === undefined) return;
    const found = target(element, event.key);
    if (found === undefined) return;
    event.preventDefault();
    clearHeaders();
    found.focus();
  });
  table.addEventListener('focusin', (event) => {
    const element = event.target as HTMLElement;
    if (element.dataset.v === undefined) return;
    current.tabIndex = -1;
    current = element;
    current.tabIndex = 0;
  });
}
