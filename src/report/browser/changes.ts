/* Change filters: stored in the hash of the URL, applied to the rows of the table. */
import { find, findAll } from './shared/dom.ts';
import { readHash, writeHash } from './shared/hashChoice.ts';

type FilterControl = HTMLInputElement | HTMLSelectElement;

/** A row of the table with what the filters look at. */
interface Entry {
  readonly row: HTMLTableRowElement;
  readonly severity: string;
  readonly class: string;
  readonly incident: string;
  readonly isOpen: boolean;
  /** `2026-11-20`, UTC. */
  readonly day: string;
  /** Display names. */
  readonly source: string;
  readonly destination: string;
  /** Searchable text, in lower case. */
  readonly text: string;
}

const changeColumn = 3;
const causeColumn = 5;

function parseRow(row: HTMLTableRowElement): Entry {
  const { severity = '', class: changeClass = '', incident = '', asns = '' } = row.dataset;
  const ends = findAll('[data-end]', row);
  const [source = '', destination = ''] = ends.map((end) => end.textContent ?? '');
  // Host names in the network, where they differ from the display names.
  const hostNames = ends.map(({ title }) => title);
  const columns = [changeColumn, causeColumn].map((index) => row.cells[index]?.textContent ?? '');
  return {
    row,
    severity,
    class: changeClass,
    incident,
    isOpen: row.hasAttribute('data-open'),
    day: find<HTMLTimeElement>('time', row).dateTime.slice(0, 10),
    source,
    destination,
    text: [...hostNames, ...columns, asns.replace(/\d+/g, 'as$&')].join(' ').toLowerCase(),
  };
}

function start(body: HTMLTableSectionElement): void {
  const controls = findAll<FilterControl>('[data-filter]');
  const nameOf = (control: FilterControl): string => control.dataset.filter ?? '';
  const clearButton = find('[data-clear]');
  const count = find('[data-count]');
  const noMatchNote = find('[data-none]');
  const names = [...controls.map(nameOf), 'incident'];
  const entries = [...body.rows].map(parseRow);
  /** The filters that are chosen, by name. */
  let choice = new Map<string, string>();

  function fillHosts(name: 'source' | 'destination'): void {
    const hosts = [...new Set(entries.map((entry) => entry[name]))].sort();
    const select = controls.find((control) => nameOf(control) === name);
    select?.append(...hosts.map((host) => new Option(host)));
  }

  function read(): void {
    const hash = readHash();
    choose(names.map((name) => [name, hash.get(name) ?? '']));
    for (const control of controls) {
      const value = choice.get(nameOf(control)) ?? '';
      if (control instanceof HTMLInputElement && control.type === 'checkbox') {
        control.checked = value === '1';
      } else control.value = value;
    }
  }

  function choose(values: Iterable<readonly [name: string, value: string]>): void {
    choice = new Map([...values].filter(([, value]) => value !== ''));
  }

  function hasChosenFields(entry: Entry): boolean {
    return (['severity', 'class', 'source', 'destination', 'incident'] as const).every(
      (name) => !choice.has(name) || entry[name] === choice.get(name),
    );
  }

  function isOnChosenDay({ day }: Entry): boolean {
    return day >= (choice.get('from') ?? day) && day <= (choice.get('to') ?? day);
  }

  function passes(entry: Entry): boolean {
    if (choice.get('open') === '1' && !entry.isOpen) return false;
    if (!hasChosenFields(entry) || !isOnChosenDay(entry)) return false;
    const words = (choice.get('text') ?? '').toLowerCase().split(/\s+/);
    return words.every((word) => entry.text.includes(word));
  }

  function apply(): void {
    let shown = 0;
    for (const entry of entries) {
      const pass = passes(entry);
      if (pass) shown += 1;
      if (entry.row.hidden === pass) entry.row.hidden = !pass;
    }
    const isFiltered = choice.size > 0;
    clearButton.hidden = !isFiltered;
    noMatchNote.hidden = shown > 0;
    count.textContent = isFiltered ? `${shown} of ${entries.length}` : '';
  }

  function readControl(control: FilterControl): string {
    if (!(control instanceof HTMLInputElement) || control.type !== 'checkbox') return control.value;
    return control.checked ? '1' : '';
  }

  for (const control of controls) {
    control.addEventListener('input', () => {
      choose([...choice, [nameOf(control), readControl(control)]]);
      writeHash([...choice]);
      apply();
    });
  }
  clearButton.addEventListener('click', () => {
    writeHash([]);
    read();
    apply();
  });
  addEventListener('hashchange', () => {
    read();
    apply();
    if (choice.has('incident')) body.closest('.scroll')?.scrollIntoView();
  });
  fillHosts('source');
  fillHosts('destination');
  read();
  apply();
}

const body = document.querySelector<HTMLTableSectionElement>('[data-changes]');
if (body !== null) start(body);
