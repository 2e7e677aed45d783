/* Reads the grid once: one record per link, with its figures as numbers (null for unknown). */
(() => {
  const table = document.querySelector('[data-grid]');
  if (table === null) return;

  const writtenAt = Date.parse(table.dataset.at) / 1000;

  function head(element) {
    const [name] = element.title.split('\n');
    const label = element.textContent;
    const group = element.dataset.group ?? '';
    const search = `${element.title}\n${label}\n${group}`.toLowerCase();
    // `shown`: what the list calls the host.
    const shown = element.dataset.named === undefined ? name : label;
    return { element, name, label, shown, group, search };
  }

  function number(text) {
    return text === '-' ? null : Number(text);
  }

  function cell(element, td, from, to) {
    const [family, rtt, usual, loss, hops, mtu, as, change, last, unlike] = element.dataset.v
      .split(' ')
      .map(number);
    const [state] = element.classList;
    const text = element.textContent;
    const [glyph] = text;
    const label = element.getAttribute('aria-label');
    const known = { element, td, from, to, state, glyph, text, label, step: null, family };
    // `change` and `last` are ages: seconds before the page was written.
    return { ...known, rtt, usual, loss, hops, mtu, as, change, last, unlike };
  }

  const columns = [...table.tHead.querySelectorAll('th[scope=col]')].map(head);
  const rows = [...table.querySelectorAll('tbody tr:not(.group)')].map((row) => ({
    ...head(row.cells[0]),
    row,
  }));
  const cells = rows.flatMap((from) =>
    [...from.row.cells]
      .slice(1)
      .flatMap((td, index) =>
        [...td.children]
          .filter((element) => element.dataset.v !== undefined)
          .map((element) => cell(element, td, from, columns[index])),
      ),
  );

  /** The sentence after state and figures in a cell's label; '' when it has none. */
  function reason({ label, from, to }) {
    const rest = label.slice(`From ${from.label} to ${to.label}`.length);
    const end = rest.indexOf('. ');
    return end < 0 ? '' : rest.slice(end + 2);
  }

  function isProblem({ state }) {
    return state !== 'ok' && state !== 'filtered' && state !== 'untested';
  }

  window.pstraceMatrix = { table, writtenAt, columns, rows, cells, reason, isProblem };
})();
