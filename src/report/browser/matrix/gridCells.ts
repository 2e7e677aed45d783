import type { State } from '../../../model/site/analysis.ts';
import { find, findAll } from '../shared/dom.ts';

/** A row's or column's heading: a host. */
export interface GridHead {
  readonly element: HTMLTableCellElement;
  readonly name: string;
  readonly label: string;
  /** Name of the host in the list. */
  readonly displayName: string;
  readonly group: string;
  /** Searchable text, in lower case. */
  readonly search: string;
}

export interface GridRow extends GridHead {
  readonly row: HTMLTableRowElement;
}

/** The grid as the page has it. */
export interface Grid {
  readonly table: HTMLTableElement;
  /** Epoch seconds. */
  readonly generatedAt: number;
  readonly columns: readonly GridHead[];
  readonly rows: readonly GridRow[];
  readonly cells: readonly PageCell[];
}

/** Places of the figures in `data-v`, as `cellFigures` writes them. */
const figurePlaces = {
  rtt: 1,
  usual: 2,
  loss: 3,
  hops: 4,
  mtu: 5,
  as: 6,
  change: 7,
  last: 8,
  asDifference: 9,
} as const;

/** Name of a figure of a cell. */
export type Figure = keyof typeof figurePlaces;

/**
 * One link of the grid. Reads the page on demand: a large grid has forty thousand cells, and few
 * are ever inspected.
 */
export class PageCell {
  readonly element: HTMLElement;
  readonly from: GridRow;
  readonly to: GridHead;
  readonly state: State;
  readonly family: 4 | 6;
  /** Step of the metric that the cell shows, 0 for unknown; null while it shows its state. */
  step: number | null = null;
  /** The label that replaces the one of the page. */
  announcedLabel: string | null = null;
  readonly #figures: string;
  #figureTexts: readonly string[] | undefined;
  #text: string | undefined;
  #label: string | undefined;

  constructor(element: HTMLElement, from: GridRow, to: GridHead) {
    this.element = element;
    this.from = from;
    this.to = to;
    this.state = element.className as State;
    this.#figures = element.getAttribute('data-v') ?? '';
    this.family = this.#figures.startsWith('6') ? 6 : 4;
  }

  get td(): HTMLTableCellElement {
    return this.element.parentElement as HTMLTableCellElement;
  }

  /** The original text, whatever the cell shows now. */
  get text(): string {
    this.#text ??= this.element.textContent ?? '';
    return this.#text;
  }

  get glyph(): string {
    return this.text.charAt(0);
  }

  /** The original label: `From a to b: changed, 148 ms. Route B since 09:10 UTC.` */
  get label(): string {
    this.#label ??= this.element.getAttribute('aria-label') ?? '';
    return this.#label;
  }

  /** The sentence after state and figures in the label; '' if there is none. */
  get reason(): string {
    const rest = this.label.slice(`From ${this.from.label} to ${this.to.label}`.length);
    const end = rest.indexOf('. ');
    return end < 0 ? '' : rest.slice(end + 2);
  }

  get isProblem(): boolean {
    return !['ok', 'accepted', 'filtered', 'untested'].includes(this.state);
  }

  /** Whether a filter hides the cell. */
  get isOut(): boolean {
    return this.element.classList.contains('out');
  }

  /** A figure; null for unknown. `change` and `last` are seconds before the page was generated. */
  figure(name: Figure): number | null {
    this.#figureTexts ??= this.#figures.split(' ');
    const text = this.#figureTexts[figurePlaces[name]] ?? '-';
    return text === '-' ? null : Number(text);
  }

  /** Shows something else in the cell and remembers the original text. */
  show(className: string, text: string): void {
    this.#text ??= this.element.textContent ?? '';
    this.element.className = className;
    this.element.textContent = text;
  }
}

/** Reads the grid once. */
export function parseGrid(table: HTMLTableElement): Grid {
  const columns = findAll<HTMLTableCellElement>('thead th[scope=col]', table).map(parseHead);
  const rows = findAll<HTMLTableRowElement>('tbody tr:not(.group)', table).map((row) => ({
    ...parseHead(find<HTMLTableCellElement>('th', row)),
    row,
  }));
  return {
    table,
    generatedAt: Date.parse(table.dataset.at ?? '') / 1000,
    columns,
    rows,
    cells: rows.flatMap((row) => parseRow(row, columns)),
  };
}

function parseHead(element: HTMLTableCellElement): GridHead {
  const { title } = element;
  const name = title.split('\n', 1)[0] ?? '';
  const label = element.textContent ?? '';
  const group = element.dataset.group ?? '';
  const search = `${title}\n${label}\n${group}`.toLowerCase();
  const displayName = element.dataset.displayName === undefined ? name : label;
  return { element, name, label, displayName, group, search };
}

/** Walks over siblings, which in a large grid is several times as fast as indexes and selectors. */
function parseRow(row: GridRow, columns: readonly GridHead[]): PageCell[] {
  const cells: PageCell[] = [];
  let td = row.element.nextElementSibling;
  for (const column of columns) {
    for (let child = td?.firstElementChild; child; child = child.nextElementSibling) {
      if (child.hasAttribute('data-v')) cells.push(new PageCell(child as HTMLElement, row, column));
    }
    td = td?.nextElementSibling ?? null;
  }
  return cells;
}
