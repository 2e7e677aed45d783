/* One tab stop for the whole grid: arrow keys move between cells, Home and End to the ends of a
   row. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const { table, rows, cells } = matrix;
  const lines = rows.map(({ row }) => row);
  const box = table.closest('.grid-scroll');
  let current = cells.find(matrix.isProblem)?.element ?? cells[0]?.element;

  for (const { element } of cells) element.tabIndex = -1;
  if (current !== undefined) current.tabIndex = 0;

  function links(td) {
    return [...td.children].filter(
      (element) =>
        element.dataset.v !== undefined && element.checkVisibility({ visibilityProperty: true }),
    );
  }

  /** The next cell with a visible link, in steps of `right` columns and `down` rows. */
  function next(td, right, down) {
    let column = td.cellIndex + right;
    let row = lines.indexOf(td.parentElement) + down;
    while (lines[row]?.cells[column] !== undefined && column > 0) {
      const found = lines[row].cells[column];
      if (links(found).length > 0) return found;
      column += right;
      row += down;
    }
    return null;
  }

  function target(element, key) {
    const td = element.closest('td');
    const stack = links(td);
    const level = stack.indexOf(element);
    const linkAtLevel = (found) => {
      const others = found === null ? [] : links(found);
      return others[Math.min(level, others.length - 1)];
    };
    const last = td.parentElement.cells.length;
    switch (key) {
      case 'ArrowRight':
        return linkAtLevel(next(td, 1, 0));
      case 'ArrowLeft':
        return linkAtLevel(next(td, -1, 0));
      case 'ArrowDown':
        return stack[level + 1] ?? links(next(td, 0, 1) ?? td.cloneNode()).at(0);
      case 'ArrowUp':
        return stack[level - 1] ?? links(next(td, 0, -1) ?? td.cloneNode()).at(-1);
      case 'Home':
        return linkAtLevel(next(td.parentElement.cells[0], 1, 0));
      case 'End':
        return linkAtLevel(
          [...td.parentElement.cells].slice(1, last).findLast((other) => links(other).length > 0) ??
            null,
        );
      default:
        return undefined;
    }
  }

  /** Keeps the focused cell clear of the sticky headers. */
  function clearHeaders() {
    const corner = table.querySelector('.corner').getBoundingClientRect();
    box.style.scrollPadding = `${corner.height + 4}px 4px 4px ${corner.width + 4}px`;
  }

  function setCurrent(element) {
    current.tabIndex = -1;
    current = element;
    current.tabIndex = 0;
  }

  table.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.dataset.v === undefined) return;
    const found = target(event.target, event.key);
    if (found === undefined) return;
    event.preventDefault();
    clearHeaders();
    found.focus();
  });
  table.addEventListener('focusin', (event) => {
    if (event.target.dataset.v !== undefined) setCurrent(event.target);
  });
})();
