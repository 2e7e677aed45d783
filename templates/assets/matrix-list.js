/* The list below the grid, built from the grid's records and sortable by any column. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const table = document.querySelector('[data-list]');
  const body = table.tBodies[0];
  const more = document.querySelector('[data-more]');
  const note = document.querySelector('[data-list-note]');
  const pageSize = 400;
  const order = [
    'unreached',
    'changed',
    'degraded',
    'flapping',
    'filtered',
    'ok',
    'stale',
    'failed',
    'untested',
  ];
  const collator = new Intl.Collator('en', { numeric: true });

  const keys = {
    state: (c) => order.indexOf(c.state),
    from: (c) => c.from.displayName,
    to: (c) => c.to.displayName,
  };

  function compare(key) {
    const value = keys[key] ?? ((c) => c[key]);
    return (a, b) => {
      const x = value(a);
      const y = value(b);
      if (x === null || y === null) return (x === null) - (y === null);
      return typeof x === 'string' ? collator.compare(x, y) : x - y;
    };
  }

  /** Sorts by a column's key; a leading `-` means descending. Unknown values come last. */
  function sorted(cells, sort) {
    const descending = sort.startsWith('-');
    const by = compare(descending ? sort.slice(1) : sort);
    const known = (c) => (keys[sort.replace('-', '')] ? true : c[sort.replace('-', '')] !== null);
    const result = cells.filter(known).sort((a, b) => (descending ? -by(a, b) : by(a, b)));
    return [...result, ...cells.filter((c) => !known(c))];
  }

  function chip(cell) {
    const link = cell.element.href !== undefined;
    const element = document.createElement(link ? 'a' : 'span');
    element.className = `state ${cell.state}`;
    if (link) element.href = cell.element.getAttribute('href');
    const glyph = document.createElement('span');
    glyph.className = 'glyph';
    glyph.textContent = cell.glyph;
    element.append(glyph, cell.state);
    return element;
  }

  function isolated(text) {
    const element = document.createElement('bdi');
    element.textContent = text;
    return element;
  }

  /** A name as parts, with line breaks allowed in between. */
  function nameElement(text) {
    const element = document.createElement('bdi');
    for (const part of text.split(/(?<=[.: ])/)) {
      const span = document.createElement('span');
      span.textContent = part;
      element.append(span);
    }
    return element;
  }

  function timeElement(age) {
    if (age === null) return '–';
    const element = document.createElement('time');
    element.dateTime = `${new Date((matrix.generatedAt - age) * 1000).toISOString().slice(0, 19)}Z`;
    element.textContent = element.dateTime.slice(0, 16).replace('T', ' ');
    return element;
  }

  function row(cell) {
    const tr = document.createElement('tr');
    const contents = [
      chip(cell),
      nameElement(cell.from.displayName),
      nameElement(cell.to.displayName),
      `IPv${cell.family}`,
      cell.rtt?.toFixed(1) ?? '–',
      cell.usual?.toFixed(1) ?? '–',
      cell.loss === null ? '–' : matrix.format.percent(cell.loss),
      cell.hops ?? '–',
      cell.mtu ?? '–',
      cell.as ?? '–',
      timeElement(cell.change),
      timeElement(cell.last),
      isolated(matrix.reason(cell)),
    ];
    for (const content of contents) {
      const td = document.createElement('td');
      td.append(content);
      tr.append(td);
    }
    return tr;
  }

  function showSort(sort) {
    for (const th of table.tHead.rows[0].cells) {
      const up = th.dataset.sort === sort;
      const down = `-${th.dataset.sort}` === sort;
      if (up || down) th.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      else th.removeAttribute('aria-sort');
    }
  }

  let listedCells = matrix.cells;

  function showMore(count) {
    more.hidden = listedCells.length <= count;
    more.firstElementChild.textContent = `Show all ${listedCells.length.toLocaleString('en-US')}`;
  }

  function fill(cells) {
    body.replaceChildren(...cells.map(row));
    window.pstraceTimes.show(body);
  }

  /** Shows these cells in the list, in this order. */
  function list(cells, sort) {
    listedCells = sorted(cells, sort);
    fill(listedCells.slice(0, pageSize));
    showSort(sort);
    showMore(pageSize);
    if (note !== null) note.hidden = true;
  }

  for (const th of table.tHead.rows[0].cells) {
    if (th.dataset.sort === undefined) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = th.textContent;
    button.addEventListener('click', () => matrix.sortBy(th.dataset.sort));
    th.replaceChildren(button);
  }
  more.firstElementChild.addEventListener('click', () => {
    if (listedCells === matrix.cells) listedCells = sorted(listedCells, 'state');
    fill(listedCells);
    showMore(listedCells.length);
    if (note !== null) note.hidden = true;
  });
  showSort('state');
  showMore(body.rows.length);

  Object.assign(matrix, { list });
})();
