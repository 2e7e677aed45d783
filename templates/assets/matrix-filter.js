/* Metric, filters, view and sorting: stored in the URL's hash, applied to grid, legend and list. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const { table, rows, columns, cells, isProblem } = matrix;
  const names = [
    'metric',
    'family',
    'halves',
    'group',
    'fold',
    'text',
    'problems',
    'only',
    'view',
    'sort',
  ];
  const defaults = { metric: 'state', sort: 'state' };
  const legend = document.querySelector('[data-legend]');
  const stateChips = [...legend.children];
  const views = document.querySelector('.views-box');
  const none = document.querySelector('[data-none]');
  const controls = new Map(
    [...document.querySelectorAll('[data-control]')].map((control) => [
      control.dataset.control,
      control,
    ]),
  );

  /**
   * Each choice as a string: '' or the default if not chosen. `only` is a comma-separated list of
   * states or steps.
   */
  let choice = {};
  let scale = null;
  let painted = 'state';
  let listed = false;
  // Only a grid of glyphs has a width attribute; all its columns are equally wide.
  const fullWidth = Number(table.getAttribute('width'));
  const columnWidth = 24;
  const defaultView = views.dataset.view ?? '';

  function read() {
    const hash = new URLSearchParams(location.hash.slice(1));
    choice = Object.fromEntries(
      names.map((name) => [name, hash.get(name) ?? defaults[name] ?? '']),
    );
    for (const [name, control] of controls) {
      if (control.type === 'checkbox') control.checked = choice[name] === '1';
      else if (control.type !== 'button') control.value = choice[name] ?? '';
    }
    if (controls.get('metric').value === '') choice.metric = controls.get('metric').value = 'state';
  }

  function write() {
    const chosen = names.filter((name) => choice[name] !== (defaults[name] ?? ''));
    const hash = new URLSearchParams(chosen.map((name) => [name, choice[name]])).toString();
    const page = location.pathname + location.search;
    history.replaceState(null, '', hash === '' ? page : `#${hash}`);
  }

  function change(part) {
    choice = { ...choice, ...part };
    write();
    apply();
  }

  function chosenKeys() {
    return new Set(choice.only === '' ? [] : choice.only.split(','));
  }

  function key(cell) {
    return cell.step === null ? cell.state : String(cell.step);
  }

  /** Whether a cell passes all filters except the legend's. */
  function passes(cell) {
    if (choice.family !== '' && String(cell.family) !== choice.family) return false;
    if (choice.group !== '' && cell.from.group !== choice.group && cell.to.group !== choice.group) {
      return false;
    }
    if (choice.problems === '1' && !isProblem(cell)) return false;
    const words = choice.text.toLowerCase().split(/\s+/);
    return words.every((word) => cell.from.search.includes(word) || cell.to.search.includes(word));
  }

  function toggled(value) {
    const set = chosenKeys();
    if (!set.delete(value)) set.add(value);
    return [...set].join(',');
  }

  function chipButton(chip, value) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'chip';
    button.title = chip.title;
    button.dataset.key = value;
    button.append(...chip.childNodes);
    button.addEventListener('click', () => change({ only: toggled(value) }));
    return button;
  }

  function stepChip(step, label) {
    const item = document.createElement('li');
    const chip = document.createElement('span');
    const swatch = document.createElement('span');
    const tally = document.createElement('span');
    swatch.className = `swatch step-${step}`;
    swatch.textContent = step === 0 ? '–' : String(step);
    tally.className = 'tally';
    chip.append(swatch, ` ${label} `, tally);
    item.append(chipButton(chip, String(step)));
    return item;
  }

  function showLegend(counts) {
    const chosen = chosenKeys();
    legend.toggleAttribute('data-chosen', chosen.size > 0);
    for (const button of legend.querySelectorAll('button')) {
      const value = button.dataset.key;
      button.setAttribute('aria-pressed', String(chosen.has(value)));
      button.querySelector('.tally').textContent = (counts.get(value) ?? 0).toLocaleString('en-US');
    }
  }

  function paint() {
    if (painted === choice.metric) return;
    painted = choice.metric;
    scale = matrix.paint(choice.metric);
    legend.setAttribute('aria-label', scale === null ? 'States' : 'Steps');
    document.querySelector('[data-state-hint]')?.toggleAttribute('hidden', scale !== null);
    if (scale === null) legend.replaceChildren(...stateChips);
    else {
      const chips = scale.labels.map((label, index) => stepChip(index + 1, label));
      const unknown = cells.some((cell) => cell.step === 0) ? [stepChip(0, scale.none)] : [];
      legend.replaceChildren(...chips, ...unknown);
    }
  }

  /**
   * Hides rows and columns without a visible cell while a filter is on. Returns the number of
   * hidden columns.
   */
  function showLines(visible, filtered) {
    const back = choice.halves === 'reverse' ? visible : [];
    const from = new Set([
      ...visible.map(({ from: h }) => h.name),
      ...back.map(({ to: h }) => h.name),
    ]);
    const to = new Set([
      ...visible.map(({ to: h }) => h.name),
      ...back.map(({ from: h }) => h.name),
    ]);
    for (const row of rows) row.row.hidden = filtered && !from.has(row.name);
    let shown = 0;
    for (const [index, column] of columns.entries()) {
      const hide = filtered && !to.has(column.name);
      if (!hide) shown += 1;
      if (column.element.hidden === hide) continue;
      column.element.hidden = hide;
      for (const { row } of rows) row.cells[index + 1].hidden = hide;
    }
    return columns.length - shown;
  }

  function apply() {
    paint();
    const chosen = chosenKeys();
    const counts = new Map();
    const visible = cells.filter((cell) => {
      const pass = passes(cell);
      if (pass) counts.set(key(cell), (counts.get(key(cell)) ?? 0) + 1);
      const show = pass && (chosen.size === 0 || chosen.has(key(cell)));
      cell.element.classList.toggle('out', !show);
      return show;
    });
    const filtered = visible.length < cells.length;
    const hiddenColumns = showLines(visible, filtered) + matrix.fold(choice.fold);
    if (fullWidth > 0) table.width = fullWidth - hiddenColumns * columnWidth;
    showLegend(counts);
    table.classList.toggle('only-4', choice.family === '4');
    table.classList.toggle('only-6', choice.family === '6');
    matrix.showHalves(choice.halves, choice.family);
    none.hidden = visible.length > 0;
    views.hidden = visible.length === 0;
    controls.get('reset').hidden = !filtered;
    views.dataset.view = choice.view === '' ? defaultView : choice.view;
    if (listed || filtered || choice.sort !== defaults.sort) {
      matrix.list(visible, choice.sort);
      listed = true;
    }
  }

  matrix.foldBy = (fold) => change({ fold });
  matrix.sortBy = (name) => change({ sort: choice.sort === name ? `-${name}` : name });

  for (const item of stateChips) {
    const chip = item.firstElementChild;
    item.replaceChildren(chipButton(chip, chip.dataset.state));
  }
  for (const [name, control] of controls) {
    if (name === 'reset') {
      control.addEventListener('click', () => {
        change({ family: '', group: '', text: '', problems: '', only: '' });
        read();
      });
    } else if (control.type === 'checkbox') {
      control.addEventListener('change', () => change({ [name]: control.checked ? '1' : '' }));
    } else if (name === 'metric') {
      control.addEventListener('change', () => change({ metric: control.value, only: '' }));
    } else {
      control.addEventListener('input', () => change({ [name]: control.value }));
    }
  }
  addEventListener('hashchange', () => {
    read();
    apply();
  });
  read();
  apply();
})();
