/* Groups of rows: a click on a heading folds its rows into one line with the worst state of each column. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const { table, columns } = matrix;
  const separator = '|';
  const lines = [...table.querySelectorAll('tr.group')];
  const headings = [...table.querySelectorAll('th[scope=colgroup]')];
  const sizes = new Map(headings.map((heading) => [heading, heading.colSpan]));
  let folded = new Set();

  function nameOf(line) {
    return line.cells[0].dataset.group;
  }

  /** Folds the named groups and opens the others; to be called after rows and columns were hidden or shown. */
  function fold(names) {
    folded = new Set(names === '' ? [] : names.split(separator));
    for (const line of lines) {
      const isFolded = folded.has(nameOf(line));
      const rows = [...line.parentElement.rows].slice(1);
      line.hidden = rows.every((row) => row.hidden);
      line.parentElement.classList.toggle('folded', isFolded);
      line.querySelector('button').setAttribute('aria-expanded', String(!isFolded));
      for (const [index, column] of columns.entries()) {
        line.cells[index + 1].hidden = column.element.hidden;
      }
    }
    let first = 0;
    for (const [heading, size] of sizes) {
      const own = columns.slice(first, first + size);
      const left = own.filter(({ element }) => !element.hidden).length;
      heading.hidden = left === 0;
      heading.colSpan = Math.max(1, left);
      first += size;
    }
  }

  for (const line of lines) {
    const [heading] = line.cells;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    button.addEventListener('click', () => {
      const name = nameOf(line);
      if (!folded.delete(name)) folded.add(name);
      matrix.foldBy([...folded].join(separator));
    });
    heading.append(button);
  }

  Object.assign(matrix, { fold });
})();
