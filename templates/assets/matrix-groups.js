/* Groups of hosts: a click on a heading folds its rows or columns into one line with the worst
   states. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const { table, columns, rows } = matrix;
  const separator = '|';
  // Rows and columns fold independently: names of columns start with this mark.
  const columnMark = '>';
  const order = 'unreached changed degraded flapping filtered ok stale failed untested'.split(' ');
  const lines = [...table.querySelectorAll('tr.group')];
  const headings = [...table.querySelectorAll('th[scope=colgroup]')].map((element) => ({
    element,
    name: element.dataset.group,
    size: element.colSpan,
  }));
  let folded = new Set();

  function nameOf(line) {
    return line.cells[0].dataset.group;
  }

  function worstOf(shown) {
    return shown.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0];
  }

  /** State and glyph of the worst visible link in these tds; undefined without a visible link. */
  function worst(tds) {
    const links = tds.flatMap((td) => [
      ...td.querySelectorAll('[data-v]:not(.out, .reverse-copy)'),
    ]);
    return worstOf(links.map(matrix.cellOf));
  }

  /** The same for the line of a group, which already shows the worst state of each column. */
  function worstOfLine(tds) {
    const marks = tds.flatMap((td) => [...td.querySelectorAll('b:not(.sum)')]);
    return worstOf(marks.map((mark) => ({ state: mark.className, glyph: mark.textContent })));
  }

  /** The mark of a folded group of columns, shown in its first column that passes the filters. */
  function summary(row, own, name) {
    const sum = document.createElement('b');
    const tds = own.map(({ index }) => row.cells[index + 1]);
    const found = row.classList.contains('group') ? worstOfLine(tds) : worst(tds);
    sum.className = `sum ${found?.state ?? ''}`;
    if (found === undefined) return sum;
    sum.textContent = found.glyph;
    sum.setAttribute('role', 'img');
    sum.setAttribute('aria-label', `to ${name}, worst: ${found.state}`);
    return sum;
  }

  function unfoldColumns() {
    for (const element of table.querySelectorAll('.sum')) element.remove();
    for (const element of table.querySelectorAll('.sums')) element.classList.remove('sums');
    for (const element of table.querySelectorAll('.in-fold')) element.classList.remove('in-fold');
  }

  function foldColumns(own, name) {
    const [first, ...others] = own;
    const hosts = document.createElement('b');
    hosts.className = 'sum';
    hosts.textContent = table.classList.contains('glyphs') ? own.length : `${own.length} hosts`;
    first.column.element.classList.add('sums');
    first.column.element.append(hosts);
    for (const { column } of others) column.element.classList.add('in-fold');
    for (const row of [...lines, ...rows.map((one) => one.row)]) {
      const sum = summary(row, own, name);
      const td = row.cells[first.index + 1];
      td.classList.add('sums');
      td.append(sum);
      for (const { index } of others) row.cells[index + 1].classList.add('in-fold');
    }
  }

  /** Returns the number of hidden columns. */
  function showHeadings() {
    let start = 0;
    let hiddenColumns = 0;
    for (const { element, name, size } of headings) {
      const own = columns
        .slice(start, start + size)
        .map((column, offset) => ({ column, index: start + offset }))
        .filter(({ column }) => !column.element.hidden);
      start += size;
      const isFolded = folded.has(columnMark + name);
      element.hidden = own.length === 0;
      element.colSpan = isFolded ? 1 : Math.max(1, own.length);
      element.classList.toggle('folded', isFolded);
      element.querySelector('button').setAttribute('aria-expanded', String(!isFolded));
      if (!isFolded || own.length === 0) continue;
      foldColumns(own, name);
      hiddenColumns += own.length - 1;
    }
    return hiddenColumns;
  }

  /**
   * Folds the named groups and opens the others. Call it after hiding or showing rows and columns.
   * Returns the number of folded columns.
   */
  function fold(names) {
    if (lines.length === 0 && headings.length === 0) return 0;
    unfoldColumns();
    folded = new Set(names === '' ? [] : names.split(separator));
    for (const line of lines) {
      const isFolded = folded.has(nameOf(line));
      const own = [...line.parentElement.rows].slice(1);
      line.hidden = own.every((row) => row.hidden);
      line.parentElement.classList.toggle('folded', isFolded);
      line.querySelector('button').setAttribute('aria-expanded', String(!isFolded));
      for (const [index, column] of columns.entries()) {
        line.cells[index + 1].hidden = column.element.hidden;
      }
    }
    return showHeadings();
  }

  function makeButton(heading, name) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    button.addEventListener('click', () => {
      if (!folded.delete(name)) folded.add(name);
      matrix.foldBy([...folded].join(separator));
    });
    heading.append(button);
  }

  for (const line of lines) makeButton(line.cells[0], nameOf(line));
  for (const { element, name } of headings) makeButton(element, columnMark + name);

  Object.assign(matrix, { fold });
})();
