/*
 * Compares the current routes and round-trip times of two tests, stored in the hash as #a=ID&b=ID.
 */
import type { PatternHop } from '../../model/site/analysis.ts';
import { familyLabel } from '../../model/values/format.ts';
import type { ComparableRoutes, ComparableTests, ComparedTest } from '../compare/compareTypes.ts';
import { alignByDevice, deviceDiffSummary } from '../compare/deviceDiff.ts';
import { rttComparison } from '../compare/rttShift.ts';
import type { ResponderLookup } from '../responderText.ts';
import { type DiffLine, diffLine } from '../route/diffView.ts';
import { asPathDiff, diffClasses } from '../route/routeDiff.ts';
import { find, isolated, node } from './shared/dom.ts';
import { readHash, writeHash } from './shared/hashChoice.ts';

declare global {
  interface Window {
    readonly pstraceTests?: ComparableTests;
    readonly pstraceRoutes?: Record<number, ComparableRoutes>;
  }
}

/** The route of a test with the names and ASes of its addresses. */
interface TestRoute {
  readonly hops: readonly PatternHop[];
  readonly asPath: readonly number[];
  readonly rttsMs: readonly number[];
  readonly hostnames: ReadonlyMap<string, string | null>;
}

/** A test as the selections list it. */
interface TestChoice {
  readonly id: string;
  readonly source: number;
  readonly destination: number;
  readonly family: 4 | 6;
  readonly tool: string;
}

const collator = new Intl.Collator('en', { numeric: true });
const loading = new Map<number, Promise<ComparableRoutes | null>>();

/** Loads the routes of the tests of a source; null if its file cannot be loaded. */
function loadRoutes(source: number): Promise<ComparableRoutes | null> {
  const known = loading.get(source);
  if (known !== undefined) return known;
  const { promise, resolve } = Promise.withResolvers<ComparableRoutes | null>();
  const script = document.createElement('script');
  script.src = `compare/${source}.js`;
  script.addEventListener('load', () => resolve(window.pstraceRoutes?.[source] ?? null));
  script.addEventListener('error', () => resolve(null));
  document.head.append(script);
  loading.set(source, promise);
  return promise;
}

/** The route of a test; null if the files lack the test. */
async function loadRoute({ id, source }: TestChoice): Promise<TestRoute | null> {
  const file = await loadRoutes(source);
  const entry = file?.tests[id];
  if (!file || entry === undefined) return null;
  const hops = entry.hops.map(([ttl, asn, numbers]) => ({
    ttl,
    asn,
    addresses: numbers.flatMap((number) => file.addresses[number]?.[0] ?? []),
  }));
  return { ...entry, hops, hostnames: new Map(file.addresses) };
}

function combineHostnames(left: TestRoute, right: TestRoute): ResponderLookup {
  const hostname = (address: string) =>
    left.hostnames.get(address) ?? right.hostnames.get(address) ?? null;
  return { get: (address) => ({ hostname: hostname(address) }) };
}

function hopCells({ ttl, name, detail }: DiffLine['left'], side: 'old' | 'new'): HTMLElement[] {
  const hop = node('td', `hop ${side}`, isolated(name), ' ', node('span', 'muted', detail));
  return [node('td', `num ${side}`, ttl), hop];
}

function hopRow({ mark, left, right }: DiffLine): HTMLElement {
  const sign = node('td', 'mark', mark === '=' ? '' : mark);
  return node('tr', diffClasses[mark], sign, ...hopCells(left, 'old'), ...hopCells(right, 'new'));
}

function asStepNodes(left: readonly number[], right: readonly number[]): (string | Node)[] {
  return asPathDiff(left, right).flatMap(({ mark, asn }, index) => {
    const markClass = mark === '=' ? '' : ` ${diffClasses[mark]}`;
    const step = node('span', `as-step${markClass}`, `${mark === '=' ? '' : `${mark} `}AS${asn}`);
    return index === 0 ? [step, ' '] : [node('span', 'arrow', '→'), ' ', step, ' '];
  });
}

function showResult(result: HTMLElement, left: TestRoute, right: TestRoute): void {
  const responders = combineHostnames(left, right);
  const rows = alignByDevice(left.hops, right.hops, responders);
  find('[data-rtt]', result).textContent = rttComparison(left.rttsMs, right.rttsMs);
  find('[data-steps]', result).replaceChildren(...asStepNodes(left.asPath, right.asPath));
  find('[data-summary]', result).textContent = deviceDiffSummary(rows);
  const lines = rows.map((row) => hopRow(diffLine(responders, row)));
  find('[data-rows]', result).replaceChildren(...lines);
}

function reverseRoute(route: TestRoute): TestRoute {
  return { ...route, hops: route.hops.toReversed(), asPath: route.asPath.toReversed() };
}

function toChoice([id, source, destination, family, tool]: ComparedTest): TestChoice {
  return { id, source, destination, family, tool };
}

function start(box: HTMLElement, { hosts, tests: listed }: ComparableTests): void {
  const tests = new Map(listed.map((test) => [test[0], toChoice(test)]));
  const bySource = Map.groupBy(tests.values(), ({ source }) => source);
  const result = find('[data-result]');
  const missing = find('[data-missing]');
  const reverseSwitch = find<HTMLInputElement>('[data-reverse]', box);
  const sides = ['a', 'b'].map((side) => ({
    side,
    source: find<HTMLSelectElement>(`[data-source="${side}"]`, box),
    test: find<HTMLSelectElement>(`[data-test="${side}"]`, box),
    link: find<HTMLAnchorElement>(`[data-link="${side}"]`, box),
    title: find(`[data-title="${side}"]`, result),
  }));
  type Side = (typeof sides)[number];
  const hostName = (host: number): string => hosts[host] ?? '';

  function showChoice({ test, link, title }: Side): void {
    const chosen = tests.get(test.value);
    link.hidden = chosen === undefined;
    if (chosen === undefined) return;
    const { id, source, destination, family } = chosen;
    link.href = `tests/${id}/index.html`;
    const ends = [isolated(hostName(source)), ' → ', isolated(hostName(destination))];
    title.replaceChildren(...ends, ` ${familyLabel(family)}`);
  }

  let latestRequest = 0;

  async function show(): Promise<void> {
    latestRequest += 1;
    const request = latestRequest;
    sides.forEach(showChoice);
    const [one, other] = sides.map(({ test }) => tests.get(test.value));
    const isChosen = one !== undefined && other !== undefined;
    const routes = isChosen ? await Promise.all([loadRoute(one), loadRoute(other)]) : [];
    if (request !== latestRequest) return;
    const [left, right] = routes;
    result.hidden = !left || !right;
    missing.hidden = !isChosen || !result.hidden;
    if (left && right)
      showResult(result, left, reverseSwitch.checked ? reverseRoute(right) : right);
  }

  function fillTests({ source, test }: Side): void {
    const options = [...(bySource.get(Number(source.value)) ?? [])]
      .sort(
        (one, other) =>
          collator.compare(hostName(one.destination), hostName(other.destination)) ||
          one.family - other.family ||
          collator.compare(one.tool, other.tool),
      )
      .map(({ id, destination, family, tool }) => {
        return new Option(`${hostName(destination)}, ${familyLabel(family)}, ${tool}`, id);
      });
    const none = [new Option('choose a source first', '')];
    test.replaceChildren(...(source.value === '' ? none : options));
    test.disabled = source.value === '';
  }

  function read(): void {
    const hash = readHash();
    reverseSwitch.checked = hash.get('reverse') === '1' || hash.get('turn') === '1';
    for (const one of sides) {
      const test = tests.get(hash.get(one.side) ?? '');
      one.source.value = test === undefined ? '' : String(test.source);
      fillTests(one);
      if (test !== undefined) one.test.value = test.id;
    }
    void show();
  }

  function write(): void {
    const chosen = sides
      .filter(({ test }) => test.value !== '')
      .map(({ side, test }) => [side, test.value] as const);
    writeHash(reverseSwitch.checked ? [...chosen, ['reverse', '1']] : chosen);
    void show();
  }

  const sources = [...bySource.keys()].sort((one, other) =>
    collator.compare(hostName(one), hostName(other)),
  );
  for (const one of sides) {
    one.source.replaceChildren(
      new Option('choose a source', ''),
      ...sources.map((source) => new Option(hostName(source), String(source))),
    );
    one.source.addEventListener('change', () => {
      fillTests(one);
      write();
    });
    one.test.addEventListener('change', write);
  }
  reverseSwitch.addEventListener('change', write);
  addEventListener('hashchange', read);
  read();
}

const box = document.querySelector<HTMLElement>('[data-compare]');
if (box !== null && window.pstraceTests !== undefined) start(box, window.pstraceTests);
