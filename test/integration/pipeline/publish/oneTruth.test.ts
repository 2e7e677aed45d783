import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stateOfClass } from '../../../../src/analysis/window/testState.ts';
import { type Config, parseConfig } from '../../../../src/config/load.ts';
import type { Acceptance } from '../../../../src/model/change/acceptance.ts';
import { type Incident, isOpenIncident } from '../../../../src/model/incident/incident.ts';
import type { TestSummary } from '../../../../src/model/site/analysis.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { nagiosCheck } from '../../../../src/notify/monitoring/nagiosCheck.ts';
import { prometheusText } from '../../../../src/notify/monitoring/prometheus.ts';
import { decideNotifications } from '../../../../src/notify/routing/decideNotifications.ts';
import { detectChanges } from '../../../../src/pipeline/detect/detectChanges.ts';
import { nameKeys } from '../../../../src/pipeline/identify/nameKeys.ts';
import { accept, undoAcceptance } from '../../../../src/pipeline/operator/accept.ts';
import { acceptedChanges } from '../../../../src/pipeline/operator/openChanges.ts';
import { publicStore } from '../../../../src/pipeline/publicStore.ts';
import { publishSite } from '../../../../src/pipeline/publish/publishSite.ts';
import { currentContext } from '../../../../src/pipeline/publish/siteContext.ts';
import { createSiteInput } from '../../../../src/pipeline/publish/siteInput.ts';
import { openStore } from '../../../../src/store/open.ts';
import type { Store } from '../../../../src/store/store.ts';
import { planInput, recipientOf } from '../../../helpers/notify/samples.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { generator } from '../../../unit/analysis/detection/scenario.ts';
import {
  listedTest,
  midnight,
  readingOf,
  respondersOf,
  routeThrough,
} from '../../store/samples.ts';

/**
 * Whatever shows how a test stands says the same, whatever window it shows: the matrix, its list,
 * the pages and data of tests, hot spots, the lists and feeds of changes and incidents,
 * `pstrace check`, the Prometheus textfile and the mails.
 */

const interval = 600;
const hour = 3600;
const day = 24 * hour;
const isLong = process.env.PSTRACE_FAULTS === 'long';
const windows = isLong ? [hour / 2, 1.5 * hour, day, 7 * day, 30 * day] : [hour / 2, 30 * day];
const windowsAfterwards = isLong ? [hour, 7 * day] : [day];

const usual = routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9');
const other = routeThrough('192.0.2.1', '198.51.100.65', '198.51.100.73', '203.0.113.9');
const dead = { ...routeThrough('192.0.2.1', '198.51.100.1'), reached: false };
const asNumbers = { '192.0.2.1': 64_500, '198.51.100.1': 64_501, '198.51.100.9': 64_501 };
const responders = respondersOf(
  ...Object.entries({ ...asNumbers, '198.51.100.65': 64_502, '203.0.113.9': 64_503 }).map(
    ([address, asn]) => ({ address, hostname: null, asn, asName: null }),
  ),
);

/** How a test may fare from a moment on. */
const courses = ['usual', 'dead', 'moved', 'slow', 'lossy', 'silent', 'filtered'] as const;
type Fate = (typeof courses)[number];

function traceAt(at: number, fate: Fate): Trace[] {
  if (fate === 'silent') return [];
  const isLost = fate === 'dead' || fate === 'filtered' || (fate === 'lossy' && at % 1200 === 0);
  const route = isLost ? dead : fate === 'moved' ? other : usual;
  const extraMs = fate === 'slow' ? 50 : 0;
  const rttMs = route.hops.map(({ ttl }) => 4 * ttl + extraMs + ((at / interval) % 7) / 10);
  return [{ startedAt: at, route, rttMs, probes: null }];
}

/** Two days as usual (or always filtered), then three random turns, the last of which lasts. */
function fatesOf(random: () => number): (at: number) => Fate {
  const pick = () => courses[Math.floor(random() * courses.length)] as Fate;
  if (random() < 0.15) return () => 'filtered';
  const turns = [2, 2.5 + random(), 4 + random()].map((days, index) => ({
    from: midnight + days * day,
    fate: index === 1 ? ('usual' as const) : pick(),
  }));
  return (at) => turns.findLast(({ from }) => from <= at)?.fate ?? 'usual';
}

const ids = ['a', 'b', 'c', 'd'];
/** From then on, the archive lists all tests under new keys, with other parameters. */
const newKeysAt = midnight + 3 * day;

function parsedConfig(state: string): Config {
  const { config } = parseConfig(`state = "${state}"`, join(state, 'pstrace.toml'), state);
  if (config === null) throw new Error('no configuration');
  return config;
}

async function published(store: Store, state: string, now: number, seconds: number) {
  const config = parsedConfig(state);
  const context = currentContext({ from: now - seconds, to: now }, 'Mesh', []);
  const out = join(state, 'html');
  const input = createSiteInput(store, publicStore(store, config), config, context, null);
  const site = await publishSite({ ...config, out }, input, sessionAt(now));
  const json = (name: string) => JSON.parse(readFileSync(join(out, 'data', name), 'utf8'));
  return {
    pageState: (id: string) =>
      /<span class="state (\w+)"/.exec(
        readFileSync(join(out, 'tests', id, 'index.html'), 'utf8'),
      )?.[1],
    summaries: site?.summaries ?? [],
    cells: json('matrix.json').cells as { testIds: string[]; state: string }[],
    incidents: json('incidents.json').incidents as { id: string; status: string }[],
  };
}

function expectAgreement(
  store: Store,
  now: number,
  { pageState, summaries, cells, incidents }: Awaited<ReturnType<typeof published>>,
): void {
  const active = store.incidents.active().map(({ incident }) => incident);
  const members = active.flatMap((incident) => incident.members);
  const open = members.filter(({ closedAt }) => closedAt === null);
  for (const summary of summaries) {
    const { test: shown, state } = summary;
    const ofTest = open.filter(({ testId }) => testId === shown.id);
    const states = new Set(ofTest.flatMap((each) => stateOfClass[each.class] ?? []));
    const trouble = ['unreached', 'changed', 'degraded', 'flapping'];
    if (trouble.includes(state)) expect([...states]).toContain(state);
    else expect(states.size > 0 && state !== 'stale', `${shown.id} is ${state}`).toBe(false);
    if (ofTest.some((each) => each.class === 'vanished'))
      expect(['stale', 'unreached']).toContain(state);
    if (states.has('unreached')) expect(state).toBe('unreached');
    const cell = cells.find(({ testIds }) => testIds.includes(shown.id));
    expect(cell?.state).toBe(state);
    expect(pageState(shown.id)).toBe(state);
    const check = checkOf(
      now,
      [summary],
      active.filter(({ members: all }) =>
        all.some(({ testId, closedAt }) => testId === shown.id && closedAt === null),
      ),
    );
    const isOk = ['ok', 'filtered', 'accepted'].includes(state);
    if (ofTest.length > 0 || !isOk) expect(check).toBeGreaterThan(0);
    else expect(check).toBe(0);
    expectAcceptance(store, summary, ofTest.length > 0);
    if (state === 'unreached') expect(check).toBe(2);
  }
  for (const { id, status } of incidents) {
    const own = active.find((incident) => incident.id === id);
    if (own !== undefined) expect(status).toBe(own.status);
  }
  expectMetricsAndMails(store, now, summaries);
}

/** What lasts though it is accepted shows as such, unless something else is open. */
function expectAcceptance(store: Store, summary: TestSummary, hasOpenChange: boolean): void {
  const accepted = acceptedChanges(store).get(summary.test.id) ?? [];
  if (hasOpenChange || accepted.length === 0) expect(summary.state).not.toBe('accepted');
  else expect(['accepted', 'stale']).toContain(summary.state);
  if (summary.state === 'accepted')
    expect(summary.stateReason).toContain(accepted[0]?.acceptance.note);
}

function checkOf(now: number, tests: readonly TestSummary[], incidents: readonly Incident[]) {
  const filter = { classes: [], severity: null, warning: null, critical: null };
  const rest = { silenced: new Set<string>(), lastRunAt: now, longestRunAgeSeconds: hour, filter };
  const described = incidents.map((incident) => ({ incident, text: incident.id }));
  return nagiosCheck({ now, tests, incidents: described, ...rest }).code;
}

function expectMetricsAndMails(store: Store, now: number, summaries: readonly TestSummary[]): void {
  const all = store.incidents.since(0);
  const active = all.filter(isOpenIncident);
  const text = prometheusText({
    ...{ now, tests: summaries, routeChanges: new Map(), incidents: all },
    run: { outcome: 'ok', durationSeconds: 1 },
    messages: { sent: 0, waiting: 0, givenUp: 0 },
  });
  const count = [...text.matchAll(/^pstrace_open_incidents\{.*\} (\d+)$/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
  expect(count).toBe(active.length);
  const changes = all.flatMap(({ id }) => store.changes.ofIncident(id)).map(({ change }) => change);
  const mails = decideNotifications(
    planInput(changes, store.tests(), {
      now,
      incidents: all,
      recipients: [recipientOf({ alertFrom: 'info', perHour: 1000 })],
      watchedSince: new Map(ids.map((id) => [id, 0])),
    }),
  );
  for (const { view, kind } of mails.flatMap(({ items }) => items)) {
    const isOpen = view.members.some(({ closedAt }) => closedAt === null);
    if (kind === 'alert' || kind === 'update') expect(isOpen).toBe(true);
    if (kind === 'recovered') expect(isOpenIncident(view.incident)).toBe(false);
    if (kind === 'accepted') expect(view.incident.status).toBe('accepted');
  }
}

/** An operator accepts some incidents, or one test of them. Returns what takes that back. */
async function operate(store: Store, state: string, now: number, random: () => number) {
  const config = parsedConfig(state);
  const steps: (() => Promise<unknown>)[] = [];
  for (const { incident } of store.incidents.active()) {
    const open = incident.members.filter(({ closedAt }) => closedAt === null);
    const chosen = open[Math.floor(random() * open.length)];
    if (chosen === undefined || random() < 0.4) continue;
    const request = { incident: incident.id, test: random() < 0.5 ? null : chosen.testId };
    await accept(request, `reason ${now}`, config, sessionAt(now));
    const known = new Set(open.map(({ changeId }) => changeId));
    const isOfRequest = ({ changeId }: Acceptance) => known.has(changeId);
    expect(store.acceptances.list().filter(isOfRequest).length).toBeGreaterThan(0);
    steps.push(() => undoAcceptance(request, config, sessionAt(now)));
  }
  return async () => {
    for (const step of steps) await step();
  };
}

/** The files of the site show each test in its state, and the open changes as open. */
function expectFiles(store: Store, out: string, summaries: readonly TestSummary[]): void {
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  const [list, hotspots, feed] = ['index.html', 'hotspots.html', 'feed.xml'].map(read);
  const matrixFrom: number = JSON.parse(read('data/matrix.json')).window.from;
  for (const { test: shown, state } of summaries) {
    const { id, source } = shown;
    const page = /<h1>.*<span class="state (\w+)"/.exec(read(`tests/${id}/index.html`));
    expect(page?.[1], `page of ${id}`).toBe(state);
    expect(JSON.parse(read(`data/tests/${id}.json`)).state).toBe(state);
    expect(list).toContain(`<a class="state ${state}" href="tests/${id}/index.html">`);
    const spot = spotOf(hotspots ?? '', source.name);
    expect(spot, `hot spot of ${id}`).toMatchObject({
      unreached: Number(state === 'unreached'),
      degraded: Number(state === 'degraded'),
    });
  }
  const row = /<a href="tests\/([^/]+)\/index.html">→.*?<span class="state (\w+)".*/g;
  const timelines = [...read('strips.html').matchAll(row)];
  expect(timelines.map(([, id, shown]) => `${id} ${shown}`).sort()).toEqual(
    summaries.map(({ test: { id }, state }) => `${id} ${state}`).sort(),
  );
  for (const [text, id, shown] of timelines) {
    const { reached, lastTraceAt } = summaries.find(({ test }) => test.id === id) ?? {};
    const isCurrent = (lastTraceAt ?? 0) >= matrixFrom;
    if (shown === 'unreached' && reached === false && isCurrent) expect(text).toContain('×');
  }
  const accepted = new Set(store.acceptances.list().map(({ changeId }) => changeId));
  const open = store.changes
    .since(0)
    .filter(({ closedAt, change }) => closedAt === null && !accepted.has(change.id))
    .map(({ change }) => change.id);
  const listed = read('data/changes.ndjson')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const listedOpen = listed.filter(({ closedAt, acceptedAt }) => (closedAt ?? acceptedAt) === null);
  expect(listedOpen.map(({ id }) => id).sort()).toEqual(open.sort());
  for (const id of open) expect(feed).toContain(`changes.html#${encodeURIComponent(id)}`);
}

/** Figures of a source on the page of hot spots; zero where it has no row. */
function spotOf(page: string, source: string) {
  const section = page.slice(page.indexOf('<section aria-labelledby="sources">'));
  const row = section
    .slice(0, section.indexOf('</section>'))
    .split('<tr>')
    .find((text) => text.includes(`<bdi>${source}</bdi>`));
  const cells = [...(row ?? '').matchAll(/<td class="num[^"]*">([\d,]+)<\/td>/g)].map(([, text]) =>
    Number(text),
  );
  const [changes = 0, unreached = 0, degraded = 0] = cells;
  return { changes, unreached, degraded };
}

test.each(isLong ? [1, 2, 3, 4, 5, 6] : [1, 2])(
  'everything that shows a state agrees at every run, mesh %i',
  async (seed) => {
    const random = generator(seed);
    const fates = new Map(ids.map((id) => [id, fatesOf(random)]));
    const state = tempDir();
    const store = openStore(state, midnight);
    const hosts = ids.map((id, index) => ({
      ...listedTest(id),
      source: { name: `${id}.example.net`, address: `192.0.2.${100 + index}` },
    }));
    const withNewKeys = hosts.map((host) => ({
      ...host,
      id: `${host.id}-new`,
      parameters: { 'ip-packet-size': '1500' },
    }));
    store.upsertTests([...hosts, ...withNewKeys], midnight);
    const config = { policies: [], groups: [], overlapSeconds: 2 * hour };
    const seen = new Set<string>();
    let until = midnight;
    for (const days of [2.1, 2.6, 3.7, 5.6, 7.5, 12.2]) {
      const now = midnight + days * day + 60;
      for (const [id, fate] of fates) {
        const starts = Array.from(
          { length: (now - until) / interval },
          (_, i) => until + i * interval,
        );
        const traces = starts.flatMap((at) => traceAt(at, fate(at)));
        const isBefore = ({ startedAt }: Trace) => startedAt < newKeysAt;
        const parts = [
          [id, traces.filter(isBefore)],
          [`${id}-new`, traces.filter((trace) => !isBefore(trace))],
        ] as const;
        for (const [key, some] of parts)
          if (some.length > 0) store.append(key, readingOf(some, { responders }));
      }
      until = Math.ceil((now - 60) / interval) * interval;
      nameKeys(store);
      const settings = { ...config, acceptAfterSeconds: 7 * day, runLimitSeconds: 60 };
      expect(await detectChanges(store, settings, sessionAt(now), () => [])).toEqual([]);
      const expectOneState = async (shown = windowsAfterwards) => {
        const states = new Set<string>();
        for (const seconds of shown) {
          const site = await published(store, state, now, seconds);
          for (const each of site.summaries) seen.add(each.state);
          expect(site.summaries.map(({ test: shown }) => shown.id).sort()).toEqual(ids);
          expectAgreement(store, now, site);
          expectFiles(store, join(state, 'html'), site.summaries);
          states.add(JSON.stringify(site.summaries.map((each) => [each.test.id, each.state])));
        }
        expect([...states], `day ${days}`).toHaveLength(1);
        return [...states][0];
      };
      const before = await expectOneState(windows);
      const undo = await operate(store, state, now, random);
      await expectOneState();
      if (random() < 0.5) {
        await undo();
        expect(await expectOneState(), `day ${days}`).toBe(before);
      }
    }
    store.close();
    expect(seen.size).toBeGreaterThan(3);
    expect(seen).toContain('accepted');
  },
  120_000,
);
