/* Topology page: shows one level at a time, search results, and the tests that use a node or
   link. */
(() => {
  const area = document.querySelector('.graph-area');
  if (area === null) return;
  const hosts = JSON.parse(area.dataset.hosts);
  const tests = area.dataset.testsRegister.split(';').map((entry) => entry.split(' '));
  const panel = document.querySelector('[data-panel]');
  const found = document.querySelector('[data-found]');
  const searchBox = document.querySelector('[data-find]');
  const buttons = [...document.querySelectorAll('[data-level-switch]')];
  const levels = [...document.querySelectorAll('[data-level]')];
  const maxShownTests = 300;
  const maxNodesAtFirst = 150;

  function numbers(element) {
    return element.dataset.tests === '' ? [] : element.dataset.tests.split(',').map(Number);
  }

  function drawing() {
    return levels.find((level) => !level.hidden).querySelector('.graph');
  }

  function parts(graph) {
    return graph.querySelectorAll('[data-tests]');
  }

  function clear() {
    panel.hidden = true;
    found.textContent = '';
    for (const graph of document.querySelectorAll('.graph')) {
      graph.classList.remove('dimmed');
      for (const part of parts(graph)) part.classList.remove('on', 'hit', 'chosen');
    }
  }

  function testItem(number) {
    const [id, source, destination, family, state] = tests[number];
    const item = document.createElement('li');
    const link = document.createElement('a');
    const badge = document.createElement('span');
    link.href = `tests/${id}/index.html`;
    for (const [index, text] of [hosts[source], hosts[destination]].entries()) {
      const name = document.createElement('bdi');
      name.textContent = text;
      if (index > 0) link.append(' → ');
      link.append(name);
    }
    badge.className = `state ${state}`;
    badge.textContent = state;
    const version = document.createElement('span');
    version.textContent = `IPv${family}`;
    item.append(link, version, badge);
    return item;
  }

  function fillPanel(part, chosen) {
    const title = document.createElement('p');
    const list = document.createElement('ul');
    const close = document.createElement('button');
    title.textContent = part.querySelector('title').textContent;
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', clear);
    list.append(...chosen.slice(0, maxShownTests).map(testItem));
    panel.replaceChildren(close, title, list);
    if (chosen.length > maxShownTests) panel.append(`and ${chosen.length - maxShownTests} more`);
    panel.hidden = false;
  }

  /** Lists the tests of a node or link and highlights their routes. */
  function choose(part) {
    clear();
    const chosen = numbers(part);
    const wanted = new Set(chosen);
    const graph = part.closest('.graph');
    for (const other of parts(graph)) {
      if (numbers(other).some((number) => wanted.has(number))) other.classList.add('on');
    }
    part.classList.add('on', 'chosen');
    graph.classList.add('dimmed');
    fillPanel(part, chosen);
  }

  function search() {
    clear();
    const wanted = searchBox.value.trim().toLowerCase();
    if (wanted === '') return;
    const graph = drawing();
    const hits = [...graph.querySelectorAll('.node')].filter((node) =>
      node.querySelector('title').textContent.toLowerCase().includes(wanted),
    );
    for (const hit of hits) hit.classList.add('on', 'hit');
    graph.classList.add('dimmed');
    found.textContent = hits.length === 1 ? '1 node' : `${hits.length} nodes`;
    hits[0]?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  function showLevel(id) {
    clear();
    for (const level of levels) level.hidden = level.dataset.level !== id;
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.levelSwitch === id));
    }
    if (!fitChosen) fitWidth();
    if (searchBox.value !== '') search();
  }

  const fit = document.querySelector('[data-fit]');
  let fitChosen = false;

  /** Applies until the reader chooses: text stays readable down to seven tenths of its size. */
  function fitWidth() {
    const width = Number(drawing().getAttribute('width'));
    const room = drawing().closest('.scroll').clientWidth;
    fit.checked = width > room && width * 0.7 < room;
    area.toggleAttribute('data-fit-width', fit.checked);
  }

  document.querySelector('[data-bar]').hidden = false;
  for (const button of buttons) {
    button.addEventListener('click', () => showLevel(button.dataset.levelSwitch));
  }
  searchBox.addEventListener('input', search);
  fit.addEventListener('change', () => {
    fitChosen = true;
    area.toggleAttribute('data-fit-width', fit.checked);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
  });
  for (const graph of document.querySelectorAll('.graph')) {
    graph.addEventListener('click', (event) => {
      const part = event.target.closest('[data-tests]');
      if (part === null) return clear();
      event.preventDefault();
      choose(part);
    });
  }
  const first = levels.find((level) => level.querySelectorAll('.node').length <= maxNodesAtFirst);
  showLevel((first ?? levels.at(-1)).dataset.level);
})();
