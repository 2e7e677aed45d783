import { formatCount } from '../../../model/values/format.ts';
import { find, findAll, node } from '../shared/dom.ts';
import { readHash, writeHash } from '../shared/hashChoice.ts';
import type { CellList } from './cellList.ts';
import type { Grid, PageCell } from './gridCells.ts';
import type { GridGroups } from './gridGroups.ts';
import type { GridHalves } from './gridHalves.ts';
import { type MetricLegend, paintMetric } from './gridMetrics.ts';

/** Parts that the filters affect besides the grid itself. */
interface MatrixParts {
  readonly halves: GridHalves;
  readonly list: CellList;
  readonly groups: GridGroups;
}

/**
 * Choices of the reader with their defaults. `only` lists states or steps, separated by commas.
 */
const defaults = {
  metric: 'state',
  family: '',
  halves: '',
  group: '',
  fold: '',
  text: '',
  problems: '',
  only: '',
  view: '',
  sort: 'state',
};
type Choice = Readonly<typeof defaults>;
type ChoiceName = keyof Choice;
const names = Object.keys(defaults) as ChoiceName[];

/** Width in pixels of a column in a grid of glyphs. */
const columnWidth = 24;

type Control = HTMLInputElement | HTMLSelectElement;

function isCheckbox(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && control.type === 'checkbox';
}

/** Key of a cell in the legend. */
function legendKey({ step, state }: PageCell): string {
  return step === null ? state : String(step);
}

function stepChip(step: number, label: string): HTMLElement {
  const swatch = node('span', `swatch step-${step}`, step === 0 ? '–' : String(step));
  return node('span', '', swatch, ` ${label} `, node('span', 'tally'));
}

/**
 * Metric, filters, view and sorting: stored in the hash of the URL, applied to grid, legend and
 * list.
 */
export function startFilter(grid: Grid, { halves, list, groups }: MatrixParts): void {
  const { table, rows, columns, cells } = grid;
  const legend = find('[data-legend]');
  const stateChips = [...legend.children];
  const stateHint = document.querySelector<HTMLElement>('[data-state-hint]');
  const views = find('.views-box');
  const none = find('[data-none]');
  const reset = find('[data-control="reset"]');
  const controls = new Map(
    findAll<Control>('[data-control]:not([data-control="reset"])').map((control) => [
      control.dataset.control as ChoiceName,
      control,
    ]),
  );
  // Only a grid of glyphs has a width attribute; all its columns are equally wide.
  const fullWidth = Number(table.getAttribute('width'));
  const defaultView = views.dataset.view ?? '';
  let choice: Choice = defaults;
  let painted = 'state';
  let isListed = false;

  function read(): void {
    const hash = readHash();
    const chosen = names.map((name) => [name, hash.get(name) ?? defaults[name]]);
    choice = Object.fromEntries(chosen) as Choice;
    for (const [name, control] of controls) {
      if (isCheckbox(control)) control.checked = choice[name] === '1';
      else control.value = choice[name];
    }
    const metric = controls.get('metric');
    if (metric?.value !== '') return;
    metric.value = defaults.metric;
    choice = { ...choice, metric: defaults.metric };
  }

  function change(part: Partial<Choice>): void {
    choice = { ...choice, ...part };
    const chosen = names.filter((name) => choice[name] !== defaults[name]);
    writeHash(chosen.map((name) => [name, choice[name]]));
    apply();
  }

  function chosenKeys(): Set<string> {
    return new Set(choice.only === '' ? [] : choice.only.split(','));
  }

  /** Whether a cell passes all filters except the legend's. */
  function passes(cell: PageCell, words: readonly string[]): boolean {
    const { from, to } = cell;
    if (choice.family !== '' && String(cell.family) !== choice.family) return false;
    if (choice.group !== '' && from.group !== choice.group && to.group !== choice.group) {
      return false;
    }
    if (choice.problems === '1' && !cell.isProblem) return false;
    return words.every((word) => from.search.includes(word) || to.search.includes(word));
  }

  function toggleKey(key: string): void {
    const keys = chosenKeys();
    if (!keys.delete(key)) keys.add(key);
    change({ only: [...keys].join(',') });
  }

  /** A chip of the legend as a button that filters. */
  function chipButton(chip: HTMLElement, key: string): HTMLElement {
    const element = node('button', 'chip', ...chip.childNodes);
    element.type = 'button';
    element.title = chip.title;
    element.dataset.key = key;
    element.addEventListener('click', () => toggleKey(key));
    return element;
  }

  /** Shows the total of each key; with filters, how many of them pass: `3 of 12`. */
  function showLegend(
    all: ReadonlyMap<string, readonly PageCell[]>,
    passing: ReadonlyMap<string, readonly PageCell[]>,
  ): void {
    const chosen = chosenKeys();
    legend.toggleAttribute('data-chosen', chosen.size > 0);
    for (const chip of findAll('button', legend)) {
      const { key = '' } = chip.dataset;
      chip.setAttribute('aria-pressed', String(chosen.has(key)));
      const [total, count] = [all, passing].map((cellsOf) => cellsOf.get(key)?.length ?? 0);
      const text = formatCount(total ?? 0);
      find('.tally', chip).textContent = count === total ? text : `${count} of ${text}`;
    }
  }

  function paint(): void {
    if (painted === choice.metric) return;
    painted = choice.metric;
    const metric = paintMetric(grid, choice.metric);
    legend.setAttribute('aria-label', metric === null ? 'States' : 'Steps');
    stateHint?.toggleAttribute('hidden', metric !== null);
    const chips = metric === null ? stateChips : stepChips(metric);
    legend.replaceChildren(...chips);
  }

  function stepChips(metric: MetricLegend): HTMLElement[] {
    const hasUnknown = cells.some(({ step }) => step === 0);
    const labels = metric.labels.map((label, index) => ({ step: index + 1, label }));
    const steps = hasUnknown ? [...labels, { step: 0, label: metric.none }] : labels;
    return steps.map(({ step, label }) =>
      node('li', '', chipButton(stepChip(step, label), String(step))),
    );
  }

  /**
   * Hides rows and columns without a visible cell while a filter is on. Returns the number of
   * hidden columns.
   */
  function showLines(visible: readonly PageCell[], isFiltered: boolean): number {
    const reversed = choice.halves === 'reverse' ? visible : [];
    const from = new Set([
      ...visible.map((cell) => cell.from.name),
      ...reversed.map((cell) => cell.to.name),
    ]);
    const to = new Set([
      ...visible.map((cell) => cell.to.name),
      ...reversed.map((cell) => cell.from.name),
    ]);
    for (const row of rows) row.row.hidden = isFiltered && !from.has(row.name);
    for (const [index, { element, name }] of columns.entries()) {
      const hide = isFiltered && !to.has(name);
      if (element.hidden !== hide) setColumnHidden(element, index, hide);
    }
    return columns.filter(({ element }) => element.hidden).length;
  }

  function setColumnHidden(header: HTMLElement, index: number, hide: boolean): void {
    header.hidden = hide;
    for (const { row } of rows) {
      const td = row.cells[index + 1];
      if (td !== undefined) td.hidden = hide;
    }
  }

  /** Shows the cells that pass, and how many of each key there are and pass; returns them. */
  function filterCells(): PageCell[] {
    const chosen = chosenKeys();
    const words = choice.text.toLowerCase().split(/\s+/);
    const passing = cells.filter((cell) => passes(cell, words));
    const visible = passing.filter((cell) => chosen.size === 0 || chosen.has(legendKey(cell)));
    const shown = new Set(visible);
    for (const cell of cells) cell.element.classList.toggle('out', !shown.has(cell));
    showLegend(Map.groupBy(cells, legendKey), Map.groupBy(passing, legendKey));
    return visible;
  }

  function apply(): void {
    paint();
    const visible = filterCells();
    const isFiltered = visible.length < cells.length;
    const hiddenColumns = showLines(visible, isFiltered) + groups.fold(choice.fold);
    if (fullWidth > 0) table.width = String(fullWidth - hiddenColumns * columnWidth);
    table.classList.toggle('only-4', choice.family === '4');
    table.classList.toggle('only-6', choice.family === '6');
    halves.show(choice.halves, choice.family);
    none.hidden = visible.length > 0;
    views.hidden = visible.length === 0;
    reset.hidden = !isFiltered;
    views.dataset.view = choice.view === '' ? defaultView : choice.view;
    if (isListed || isFiltered || choice.sort !== defaults.sort) {
      list.show(visible, choice.sort);
      isListed = true;
    }
  }

  function listen(name: ChoiceName, control: Control): void {
    const isChecked = isCheckbox(control);
    control.addEventListener(isChecked || name === 'metric' ? 'change' : 'input', () => {
      if (isChecked) change({ [name]: control.checked ? '1' : '' });
      else if (name === 'metric') change({ metric: control.value, only: '' });
      else change({ [name]: control.value });
    });
  }

  groups.onFold((fold) => change({ fold }));
  list.onSort((key) => change({ sort: choice.sort === key ? `-${key}` : key }));
  for (const item of stateChips) {
    const chip = find('.chip', item);
    item.replaceChildren(chipButton(chip, chip.dataset.state ?? ''));
  }
  for (const [name, control] of controls) listen(name, control);
  reset.addEventListener('click', () => {
    change({ family: '', group: '', text: '', problems: '', only: '' });
    read();
  });
  addEventListener('hashchange', () => {
    read();
    apply();
  });
  read();
  apply();
}
