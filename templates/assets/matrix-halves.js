/* The halves of a cell: IPv4 and IPv6 as the page has them, or the way there and the way back; with a mark where AS paths differ. */
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

  /** The worst cell of those that the filters leave; undefined when there is none. */
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

  function isUnlike(cell) {
    return (cell.unlike & bits[mode]) !== 0 && (mode === 'reverse' || family === '');
  }

  function unlikeWords() {
    return mode === 'reverse' ? 'differs from the way back' : 'differs between IPv4 and IPv6';
  }

  /** Cells that a td shows, from top to bottom, with the way they go. */
  function halvesOf(td) {
    const own = byCell(td);
    if (mode !== 'reverse') return own?.map((cell) => ({ cell, way: '' }));
    const row = rows.find((one) => one.row === td.parentElement);
    const column = columns[td.cellIndex - 1];
    if (row === undefined || column === undefined) return undefined;
    const pair = [
      { cell: worst(own), way: 'there' },
      { cell: worst(byPair(column, row)), way: 'back' },
    ].filter(({ cell }) => cell !== undefined);
    return pair.length === 0 ? undefined : pair;
  }

  function twin(cell) {
    if (cell === undefined) {
      const gap = document.createElement('i');
      gap.className = 'gap';
      return gap;
    }
    const copy = cell.element.cloneNode(true);
    copy.classList.add('twin');
    copy.tabIndex = -1;
    return copy;
  }

  function showReverse() {
    for (const row of rows) {
      for (const [index, column] of columns.entries()) {
        const td = row.row.cells[index + 1];
        const own = byCell(td);
        const there = worst(own);
        const back = worst(byPair(column, row));
        if (there === undefined && back === undefined) continue;
        for (const cell of own ?? []) cell.element.classList.toggle('spare', cell !== there);
        if (there === undefined) td.append(twin(undefined));
        td.append(twin(back));
      }
    }
  }

  function mark() {
    const words = unlikeWords();
    for (const cell of cells) {
      const unlike = isUnlike(cell);
      if (cell.step === null && !unlike && cell.told === null) continue;
      const more = [
        cell.step === null ? '' : cell.element.textContent,
        unlike ? `AS path ${words}` : '',
      ].filter((part) => part !== '');
      const text =
        more.length === 0 ? cell.label : [cell.label.replace(/\.$/, ''), ...more].join('; ');
      if ((cell.told ?? cell.label) !== text) cell.element.setAttribute('aria-label', text);
      cell.told = text;
    }
    // As written where nothing was chosen.
    if (mode === '' && family === '' && !marked) return;
    marked = true;
    for (const { td } of cells) td.classList.remove('unlike');
    for (const cell of cells) if (isUnlike(cell)) cell.td.classList.add('unlike');
  }

  function clear() {
    for (const copy of table.querySelectorAll('.twin, .gap')) copy.remove();
    for (const cell of cells) cell.element.classList.remove('spare');
  }

  /** Shows the halves that are chosen; to be called after every change of what the cells show. */
  function halve(chosen, chosenFamily) {
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
        ? `Upper half the way there, lower half the way back${both}; ◥ where their AS paths differ. `
        : familyHint;
  }

  Object.assign(matrix, { halve, halvesOf, isUnlike, unlikeWords });
})();
