/* The halves of a cell: IPv4 and IPv6 as in the HTML, or forward and reverse direction. A mark
   shows where AS paths differ. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const { table, rows, columns, cells } = matrix;
  const hint = document.querySelector('[data-halves-hint]');
  const familyHint = hint.textContent;
  const order = 'unreached changed degraded flapping filtered ok stale failed untested'.split(' ');
  let cellsOf = null;
  const bits = { '': 1, reverse: 2 };
  let marked = false;
  let mode = '';
  let family = '';

  function key(from, to) {
    return `${from.name}\n${to.name}`;
  }

  let pairs = null;

  function byPair(from, to) {
    pairs ??= Map.groupBy(cells, (cell) => key(cell.from, cell.to));
    return pairs.get(key(from, to));
  }

  function byCell(td) {
    cellsOf ??= Map.groupBy(cells, (cell) => cell.td);
    return cellsOf.get(td);
  }

  /** The worst cell that passes the filters; undefined when none does. */
  function worst(some = []) {
    const left = some.filter(
      (cell) =>
        !cell.element.classList.contains('out') &&
        (family === '' || String(cell.family) === family),
    );
    return left.reduce(
      (a, b) => (a === undefined || order.indexOf(b.state) < order.indexOf(a.state) ? b : a),
      undefined,
    );
  }

  function isDiffering(cell) {
    return (cell.asDifference & bits[mode]) !== 0 && (mode === 'reverse' || family === '');
  }

  function differenceText() {
    return mode === 'reverse'
      ? 'differs from the reverse direction'
      : 'differs between IPv4 and IPv6';
  }

  /** The cells that a td shows, from top to bottom, each with its direction. */
  function halvesOf(td) {
    const own = byCell(td);
    if (mode !== 'reverse') return own?.map((cell) => ({ cell, direction: '' }));
    const row = rows.find((one) => one.row === td.parentElement);
    const column = columns[td.cellIndex - 1];
    if (row === undefined || column === undefined) return undefined;
    const pair = [
      { cell: worst(own), direction: 'forward' },
      { cell: worst(byPair(column, row)), direction: 'reverse' },
    ].filter(({ cell }) => cell !== undefined);
    return pair.length === 0 ? undefined : pair;
  }

  function reverseCopy(cell) {
    if (cell === undefined) {
      const gap = document.createElement('i');
      gap.className = 'gap';
      return gap;
    }
    const copy = cell.element.cloneNode(true);
    copy.classList.add('reverse-copy');
    copy.tabIndex = -1;
    return copy;
  }

  function showReverse() {
    for (const row of rows) {
      for (const [index, column] of columns.entries()) {
        const td = row.row.cells[index + 1];
        const own = byCell(td);
        const forward = worst(own);
        const reverse = worst(byPair(column, row));
        if (forward === undefined && reverse === undefined) continue;
        for (const cell of own ?? [])
          cell.element.classList.toggle('hidden-half', cell !== forward);
        if (forward === undefined) td.append(reverseCopy(undefined));
        td.append(reverseCopy(reverse));
      }
    }
  }

  function mark() {
    const words = differenceText();
    for (const cell of cells) {
      const differing = isDiffering(cell);
      if (cell.step === null && !differing && cell.announcedLabel === null) continue;
      const more = [
        cell.step === null ? '' : cell.element.textContent,
        differing ? `AS path ${words}` : '',
      ].filter((part) => part !== '');
      const text =
        more.length === 0 ? cell.label : [cell.label.replace(/\.$/, ''), ...more].join('; ');
      if ((cell.announcedLabel ?? cell.label) !== text)
        cell.element.setAttribute('aria-label', text);
      cell.announcedLabel = text;
    }
    // Without a choice the HTML is already right.
    if (mode === '' && family === '' && !marked) return;
    marked = true;
    for (const { td } of cells) td.classList.remove('differing');
    for (const cell of cells) if (isDiffering(cell)) cell.td.classList.add('differing');
  }

  function clear() {
    for (const copy of table.querySelectorAll('.reverse-copy, .gap')) copy.remove();
    for (const cell of cells) cell.element.classList.remove('hidden-half');
  }

  /** Shows the chosen halves. Call it after each change of what the cells show. */
  function showHalves(chosen, chosenFamily) {
    if (mode === 'reverse') clear();
    mode = chosen === 'reverse' ? 'reverse' : '';
    family = chosenFamily;
    table.classList.toggle('halved', mode === 'reverse');
    mark();
    if (mode === 'reverse') showReverse();
    const both =
      table.classList.contains('dual') && family === '' ? ', the worse family of each' : '';
    hint.textContent =
      mode === 'reverse'
        ? `Upper half forward, lower half reverse${both}; ◥ where their AS paths differ. `
        : familyHint;
  }

  Object.assign(matrix, { showHalves, halvesOf, isDiffering, differenceText });
})();
