/* Highlights the row and column of the cell under the pointer or focus and shows its figures in
   a card. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const { table, rows, columns, format } = matrix;
  const card = document.createElement('div');
  card.className = 'card';
  card.hidden = true;
  document.body.append(card);
  let highlighted = [];

  function highlight(td) {
    for (const element of highlighted) element.classList.remove('on');
    highlighted = [];
    if (td === null) return;
    const { cellIndex, parentElement } = td;
    highlighted = [
      ...parentElement.cells,
      ...rows.map(({ row }) => row.cells[cellIndex]),
      columns[cellIndex - 1].element,
    ];
    for (const element of highlighted) element.classList.add('on');
  }

  function node(name, className, ...content) {
    const element = document.createElement(name);
    if (className !== '') element.className = className;
    element.append(...content);
    return element;
  }

  function isolated(text) {
    return node('bdi', '', text);
  }

  function facts(cell) {
    const list = node('dl', '');
    const add = (term, text) => list.append(node('dt', '', term), node('dd', '', text));
    if (cell.rtt !== null) add('RTT', `${format.ms(cell.rtt)} ms`);
    if (cell.usual !== null) add('usual', `${format.ms(cell.usual)} ms`);
    if (cell.loss !== null) add('loss', format.percent(cell.loss));
    if (cell.hops !== null) add('hops', String(cell.hops));
    if (cell.mtu !== null) add('path MTU', String(cell.mtu));
    if (cell.as !== null) add('ASes', String(cell.as));
    if (matrix.isDiffering(cell)) add('AS path', matrix.differenceText());
    if (cell.change !== null) add('route changed', `${format.span(cell.change)} before`);
    return list;
  }

  function half({ cell, direction }) {
    const glyph = node('span', 'glyph', cell.glyph);
    const chip = node('span', `state ${cell.state}`, glyph, cell.state);
    const parts = [node('div', '', chip, ` IPv${cell.family} ${direction}`)];
    const reason = matrix.reason(cell);
    if (reason !== '') parts.push(node('div', '', isolated(reason)));
    return node('div', 'half', ...parts, facts(cell));
  }

  function place(td) {
    const cell = td.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const right = cell.right + 12;
    const left = right + width > innerWidth ? cell.left - width - 12 : right;
    card.style.left = `${Math.max(4, left)}px`;
    card.style.top = `${Math.max(4, Math.min(cell.top, innerHeight - height - 4))}px`;
  }

  function show(td) {
    highlight(td);
    const halves = td === null ? undefined : matrix.halvesOf(td);
    card.hidden = halves === undefined;
    if (halves === undefined) return;
    const [{ cell, direction }] = halves;
    const [from, to] = direction === 'reverse' ? [cell.to, cell.from] : [cell.from, cell.to];
    const pair = node('p', 'pair', isolated(from.name), ' → ', isolated(to.name));
    card.replaceChildren(pair, ...halves.map(half));
    place(td);
  }

  let last = null;

  function showCardUnderPointer(event) {
    const td = event.target.closest('tbody tr:not(.group) td:not(.sums)');
    if (td === last) return;
    last = td;
    show(td);
  }

  function hideCard() {
    last = null;
    show(null);
  }

  table.addEventListener('mouseover', showCardUnderPointer);
  table.addEventListener('mouseleave', hideCard);
  table.addEventListener('focusin', showCardUnderPointer);
  table.addEventListener('focusout', hideCard);
  table.closest('.grid-scroll').addEventListener('scroll', hideCard, { passive: true });
  document.addEventListener('input', hideCard);
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hideCard();
  });
})();
