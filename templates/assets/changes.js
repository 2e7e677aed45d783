/* Change filters: stored in the URL's hash, applied to the rows of the table. */
(() => {
  const body = document.querySelector('[data-changes]');
  if (body === null) return;

  const controls = [...document.querySelectorAll('[data-filter]')];
  const clearButton = document.querySelector('[data-clear]');
  const count = document.querySelector('[data-count]');
  const noMatchNote = document.querySelector('[data-none]');
  const names = [...controls.map((control) => control.dataset.filter), 'incident'];
  /** Display names of source and destination. */
  function ends(row) {
    const [source, destination] = row.querySelectorAll('[data-end]');
    return { source: source.textContent, destination: destination.textContent };
  }

  /** Host names in the network, where they differ from the display names. */
  function hostNames(row) {
    return [...row.querySelectorAll('[data-end]')].map(({ title }) => title).join(' ');
  }

  const rows = [...body.rows].map((row) => ({
    row,
    severity: row.dataset.severity,
    changeClass: row.dataset.class,
    incident: row.dataset.incident ?? '',
    open: row.hasAttribute('data-open'),
    day: row.querySelector('time').dateTime.slice(0, 10),
    ...ends(row),
    text: `${hostNames(row)} ${row.cells[3].textContent} ${row.cells[5].textContent} ${row.dataset.asns.replace(/\d+/g, 'as$&')}`.toLowerCase(),
  }));
  for (const name of ['source', 'destination']) {
    const select = controls.find((control) => control.dataset.filter === name);
    const hosts = [...new Set(rows.map((entry) => entry[name]))].sort();
    select.append(...hosts.map((host) => new Option(host)));
  }
  let choice = {};

  function read() {
    const hash = new URLSearchParams(location.hash.slice(1));
    choice = Object.fromEntries(names.map((name) => [name, hash.get(name) ?? '']));
    for (const control of controls) {
      const value = choice[control.dataset.filter];
      if (control.type === 'checkbox') control.checked = value === '1';
      else control.value = value;
    }
  }

  function write() {
    const chosen = names.filter((name) => choice[name] !== '');
    const hash = new URLSearchParams(chosen.map((name) => [name, choice[name]])).toString();
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
  }

  function passes(entry) {
    if (choice.severity !== '' && entry.severity !== choice.severity) return false;
    if (choice.class !== '' && entry.changeClass !== choice.class) return false;
    if (choice.source !== '' && entry.source !== choice.source) return false;
    if (choice.destination !== '' && entry.destination !== choice.destination) return false;
    if (choice.incident !== '' && entry.incident !== choice.incident) return false;
    if (choice.open === '1' && !entry.open) return false;
    if (choice.from !== '' && entry.day < choice.from) return false;
    if (choice.to !== '' && entry.day > choice.to) return false;
    return choice.text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => entry.text.includes(word));
  }

  function apply() {
    let shown = 0;
    for (const entry of rows) {
      const pass = passes(entry);
      if (pass) shown += 1;
      if (entry.row.hidden === pass) entry.row.hidden = !pass;
    }
    const filtered = names.some((name) => choice[name] !== '');
    clearButton.hidden = !filtered;
    noMatchNote.hidden = shown > 0;
    count.textContent = filtered ? `${shown} of ${rows.length}` : '';
  }

  for (const control of controls) {
    control.addEventListener('input', () => {
      const value = control.type === 'checkbox' ? (control.checked ? '1' : '') : control.value;
      choice = { ...choice, [control.dataset.filter]: value };
      write();
      apply();
    });
  }
  clearButton.addEventListener('click', () => {
    choice = Object.fromEntries(names.map((name) => [name, '']));
    write();
    read();
    apply();
  });
  addEventListener('hashchange', () => {
    read();
    apply();
    if (choice.incident !== '') body.closest('.scroll').scrollIntoView();
  });
  read();
  apply();
})();
