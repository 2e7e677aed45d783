/*
 * Topology page: shows one level at a time, search results, and the tests that use a node or link.
 */
import { pluralize } from '../../model/values/format.ts';
import { button, find, findAll, isolated, node } from './shared/dom.ts';

const maxShownTests = 300;
const maxNodesAtFirst = 150;
/** Texts stay readable down to this share of their size. */
const minScale = 0.7;

/** Numbers of the tests that use a node or link. */
function testNumbers({ dataset: { tests = '' } }: SVGElement): number[] {
  return tests === '' ? [] : tests.split(',').map(Number);
}

function partsOf(graph: Element): SVGElement[] {
  return findAll<SVGElement>('[data-tests]', graph);
}

function titleOf(part: Element): string {
  return find<SVGElement>('title', part).textContent ?? '';
}

function start(area: HTMLElement): void {
  const hosts = JSON.parse(area.dataset.hosts ?? '[]') as string[];
  const tests = (area.dataset.testsRegister ?? '').split(';').map((entry) => entry.split(' '));
  const panel = find('[data-panel]');
  const found = find('[data-found]');
  const searchBox = find<HTMLInputElement>('[data-find]');
  const fit = find<HTMLInputElement>('[data-fit]');
  const switches = findAll('[data-level-switch]');
  const levels = findAll('[data-level]');
  let isFitChosen = false;

  function visibleGraph(): SVGElement {
    const level = levels.find(({ hidden }) => !hidden);
    return find<SVGElement>('.graph', level);
  }

  function clear(): void {
    panel.hidden = true;
    found.textContent = '';
    for (const graph of findAll<SVGElement>('.graph')) {
      graph.classList.remove('dimmed');
      for (const part of partsOf(graph)) part.classList.remove('on', 'hit', 'chosen');
    }
  }

  function testItem(number: number): HTMLElement {
    const [id, source, destination, family, state = ''] = tests[number] ?? [];
    const [from, to] = [source, destination].map((host) => isolated(hosts[Number(host)] ?? ''));
    const link = node('a', '', from ?? '', ' → ', to ?? '');
    link.href = `tests/${id}/index.html`;
    return node(
      'li',
      '',
      link,
      node('span', '', `IPv${family}`),
      node('span', `state ${state}`, state),
    );
  }

  function fillPanel(part: SVGElement, numbers: readonly number[]): void {
    const list = node('ul', '', ...numbers.slice(0, maxShownTests).map(testItem));
    panel.replaceChildren(button(clear, 'Close'), node('p', '', titleOf(part)), list);
    if (numbers.length > maxShownTests) panel.append(`and ${numbers.length - maxShownTests} more`);
    panel.hidden = false;
  }

  /** Lists the tests of a node or link and highlights their routes. */
  function choose(graph: SVGElement, part: SVGElement): void {
    clear();
    const numbers = testNumbers(part);
    const wanted = new Set(numbers);
    for (const other of partsOf(graph)) {
      if (testNumbers(other).some((number) => wanted.has(number))) other.classList.add('on');
    }
    part.classList.add('on', 'chosen');
    graph.classList.add('dimmed');
    fillPanel(part, numbers);
  }

  function search(): void {
    clear();
    const wanted = searchBox.value.trim().toLowerCase();
    if (wanted === '') return;
    const shown = levels.find(({ hidden }) => !hidden);
    const ordered = [shown, ...levels.filter((level) => level !== shown)];
    // A router is a node of the lower levels only, and a search goes where it finds.
    const level = ordered.find((one) => nodesNamed(one, wanted).length > 0) ?? shown;
    if (level !== shown) reveal(level?.dataset.level);
    const hits = nodesNamed(level, wanted);
    for (const hit of hits) hit.classList.add('on', 'hit');
    visibleGraph().classList.add('dimmed');
    found.textContent = pluralize(hits.length, 'node');
    hits[0]?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  function nodesNamed(level: HTMLElement | undefined, wanted: string): SVGElement[] {
    return findAll<SVGElement>('.node', level).filter((one) =>
      titleOf(one).toLowerCase().includes(wanted),
    );
  }

  function showLevel(id: string | undefined): void {
    clear();
    reveal(id);
    if (searchBox.value !== '') search();
  }

  function reveal(id: string | undefined): void {
    for (const level of levels) level.hidden = level.dataset.level !== id;
    for (const one of switches) {
      one.setAttribute('aria-pressed', String(one.dataset.levelSwitch === id));
    }
    if (!isFitChosen) fitWidth();
  }

  /** Fits a graph into the page while its texts stay readable, until the reader chooses. */
  function fitWidth(): void {
    const graph = visibleGraph();
    const width = Number(graph.getAttribute('width'));
    const available = graph.closest('.scroll')?.clientWidth ?? width;
    fit.checked = width > available && width * minScale < available;
    area.toggleAttribute('data-fit-width', fit.checked);
  }

  find('[data-bar]').hidden = false;
  for (const one of switches) {
    one.addEventListener('click', () => showLevel(one.dataset.levelSwitch));
  }
  searchBox.addEventListener('input', search);
  fit.addEventListener('change', () => {
    isFitChosen = true;
    area.toggleAttribute('data-fit-width', fit.checked);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
  });
  for (const graph of findAll<SVGElement>('.graph')) {
    graph.addEventListener('click', (event) => {
      const part = (event.target as Element).closest<SVGElement>('[data-tests]');
      if (part === null) return clear();
      event.preventDefault();
      choose(graph, part);
    });
  }
  const first = levels.find((level) => findAll('.node', level).length <= maxNodesAtFirst);
  showLevel((first ?? levels.at(-1))?.dataset.level);
}

const area = document.querySelector<HTMLElement>('.graph-area');
if (area !== null) start(area);
