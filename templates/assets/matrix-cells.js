/* Reads the grid once: one record per link, with its figures as numbers (null if unknown). */
(() => {
  const table = document.querySelector('[data-grid]');
  if (table === null) return;

  const generatedAt = Date.parse(table.dataset.at) / 1000;

  function head(element) {
    const [name] = element.title.split('\n');
    const label = element.textContent;
    const group = element.dataset.group ?? '';
    const search = `${element.title}\n${label}\n${group}`.toLowerCase();
    // `displayName`: the name of the host in the list.
    const displayName = element.dataset.displayName === undefined ? name : label;
    return { element, name, label, displayName, group, search };
  }

  const figures = ['rtt', 'usual', 'loss', 'hops', 'mtu', 'as', 'change', 'last', 'asDifference'];

  /**
   * Reads the page on demand: a large grid has forty thousand cells, and few are ever inspected.
   */
  class Cell {
    constructor(element, from, to) {
      this.element = element;
      this.from = from;
      this.to = to;
      this.state = element.className;
      this.figures = element.getAttribute('data-v');
      this.family = this.figures.startsWith('6') ? 6 : 4;
      this.step = null;
      this.announcedLabel = null;
    }

    get td() {
      return this.element.parentElement;
    }

    /** The original text, whatever the cell shows now. */
    get text() {
      this.originalText ??= this.element.textContent;
      return this.originalText;
    }

    /** Shows something else in the cell and remembers the original text. */
    show(className, text) {
      this.originalText ??= this.element.textContent;
      this.element.className = className;
      this.element.textContent = text;
    }

    get glyph() {
      return this.text.charAt(0);
    }

    get label() {
      this.cachedLabel ??= this.element.getAttribute('aria-label');
      return this.cachedLabel;
    }

    /** The number at an index of `data-v`; null if unknown. */
    figure(index) {
      this.figureTexts ??= this.figures.split(' ');
      return this.figureTexts[index] === '-' ? null : Number(this.figureTexts[index]);
    }
  }

  // `change` and `last` are ages: seconds before the page was generated.
  figures.forEach((name, index) => {
    Object.defineProperty(Cell.prototype, name, {
      get() {
        return this.figure(index + 1);
      },
    });
  });

  const columns = [...table.tHead.querySelectorAll('th[scope=col]')].map(head);
  const rows = [...table.querySelectorAll('tbody tr:not(.group)')].map((row) => ({
    ...head(row.cells[0]),
    row,
  }));
  const cells = [];
  for (const from of rows) {
    let index = -2;
    for (const td of from.row.children) {
      index += 1;
      for (let child = td.firstElementChild; child !== null; child = child.nextElementSibling) {
        if (index >= 0 && child.hasAttribute('data-v')) {
          cells.push(new Cell(child, from, columns[index]));
        }
      }
    }
  }

  /** The sentence after state and figures in a cell's label; '' if there is none. */
  function reason({ label, from, to }) {
    const rest = label.slice(`From ${from.label} to ${to.label}`.length);
    const end = rest.indexOf('. ');
    return end < 0 ? '' : rest.slice(end + 2);
  }

  function isProblem({ state }) {
    return state !== 'ok' && state !== 'filtered' && state !== 'untested';
  }

  let byElement = null;

  /** The record of a link in the grid. */
  function cellOf(element) {
    byElement ??= new Map(cells.map((cell) => [cell.element, cell]));
    return byElement.get(element);
  }

  window.pstraceMatrix = { table, generatedAt, columns, rows, cells, cellOf, reason, isProblem };
})();
