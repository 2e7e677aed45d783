import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import type { MeshPlan } from '../../../../src/model/test/meshPlan.ts';
import type { Route, Trace } from '../../../../src/model/trace/trace.ts';
import { detectChanges } from '../../../../src/pipeline/detect/detectChanges.ts';
import { updateIncidents } from '../../../../src/pipeline/detect/recordIncidents.ts';
import { recordPlan } from '../../../../src/pipeline/planHistory.ts';
import { publishSite } from '../../../../src/pipeline/publish/publishSite.ts';
import { readSite } from '../../../../src/pipeline/publish/readSite.ts';
import { currentContext, pastContext } from '../../../../src/pipeline/publish/siteContext.ts';
import { openStore } from '../../../../src/store/open.ts';
import type { Store } from '../../../../src/store/store.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { generator } from '../../../unit/analysis/detection/scenario.ts';
import { seen } from '../../report/publishing.ts';
import {
  listedTest,
  midnight,
  readingOf,
  respondersOf,
  routeThrough,
} from '../../store/samples.ts';

/** The site of a past moment has the facts of the site that a run wrote at that moment. */

const [interval, hour, day] = [600, 3600, 86_400];
const ids = ['a', 'b', 'c', 'd'];
const routes: readonly Route[] = [
  routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9'),
  routeThrough('192.0.2.1', '198.51.100.65', '198.51.100.73', '203.0.113.9'),
  { ...routeThrough('192.0.2.1', '198.51.100.1'), reached: false },
];

function traceAt(at: number, kind: number): Trace {
  const route = routes[kind % routes.length] as Route;
  const extraMs = kind === 3 ? 40 : 0;
  const rttMs = route.hops.map(({ ttl }) => 4 * ttl + extraMs + ((at / interval) % 7) / 10);
  return { startedAt: at, route, rttMs, probes: null };
}

/** Ends that differ, so that tests are several witnesses. */
const hosts = ids.map((id, index) => ({
  ...listedTest(id),
  source: { name: `${id}.example.net`, address: `192.0.2.${100 + index}` },
}));

/** All files of a site but pictures, and what names the time of writing or the view itself. */
function factsOf(folder: string): Record<string, string> {
  const files = Object.entries(seen(folder)).filter(
    ([path]) => !path.startsWith('routes/') && path !== 'assets/run.js',
  );
  return Object.fromEntries(
    files.map(([path, text]) => [
      path,
      text
        .replace(/<div class="banner" role="status"><strong>View of.*<\/div>\n/, '')
        .replace(/"viewOf(Iso)?":[^,]*,/g, ''),
    ]),
  );
}

/** The first line that differs of each file. */
function differences(live: Record<string, string>, past: Record<string, string>): string[] {
  return [...new Set([...Object.keys(live), ...Object.keys(past)])].flatMap((path) => {
    const [one = [], other = []] = [live, past].map((files) => files[path]?.split('\n'));
    const index = one.findIndex((line, at) => line !== other[at]);
    if (index < 0 && one.length === other.length) return [];
    return [`${path}: ${one[index]} | ${other[index]}`];
  });
}

async function publishAt(store: Store, home: string, at: number, now: number): Promise<string> {
  const { config } = parseConfig('', join(home, 'pstrace.toml'), home);
  if (config === null) throw new Error('no configuration');
  const window = { from: at - day, to: at };
  const context = (at < now ? pastContext : currentContext)(window, 'Mesh', []);
  const out = join(home, at < now ? `past-${at}` : `live-${at}`);
  const plan = store.detectionStates.meshState('plan') as MeshPlan | null;
  const site = await publishSite(
    { ...config, out },
    readSite(store, config, context, plan),
    sessionAt(now),
  );
  expect(site).not.toBeNull();
  return out;
}

/** The plan that a run reads. */
function planOf(run: number): MeshPlan | null {
  const displayName = run < 4 ? 'Alpha' : 'Beta';
  const host = { address: 'a.example.net', displayName, organization: null, group: 'Lab' };
  return run < 2 ? null : { hosts: [host], tests: [] };
}

/** What DNS and operators say after a run. */
function learn(store: Store, run: number, at: number): void {
  const unknown = { asn: null, asName: null, until: at + hour };
  const name = { address: '198.51.100.1', hostname: `x${run}.example.net`, ...unknown };
  store.recordLookups('name', [name], at + 1);
  const [active] = store.incidents.active();
  if (run === 3 && active !== undefined) {
    const incidentId = active.incident.id;
    store.acknowledgements.add({ incidentId, at: at + 60, by: 'ops', note: 'ticket 42' });
    const [member] = active.incident.members;
    const changeId = member?.changeId ?? '';
    store.acceptances.add({ changeId, at: at + 60, by: 'ops', note: 'as planned' });
    updateIncidents(store, at + 60);
  }
  const scope = { tests: [], groups: [], elements: [], classes: [] };
  const silence = { id: 's', from: at + 60, until: at + 30 * day, reason: 'works', by: 'ops' };
  if (run === 4) store.silences.add({ ...silence, ...scope });
}

test.each(process.env.PSTRACE_FAULTS === 'long' ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2])(
  'a view of the past knows nothing that came later, mesh %i',
  async (seed) => {
    const random = generator(seed);
    const home = tempDir();
    const store = openStore(home, midnight);
    onTestFinished(() => store.close());
    store.upsertTests(hosts, midnight);
    const config = { policies: [], groups: [], overlapSeconds: 2 * hour };
    const settings = { ...config, acceptAfterSeconds: 7 * day, runLimitSeconds: 60 };
    const live: [at: number, folder: string][] = [];
    const kinds = new Map(ids.map((id) => [id, 0]));
    let before = midnight;
    for (const [run, days] of [2, 2.3, 2.34, 2.6, 2.9, 3.6, 4.2].entries()) {
      const at = midnight + days * day + 60;
      const shared = Math.floor(random() * 4);
      const due = Math.ceil((at - before) / interval);
      for (const id of ids) {
        if (run > 0 && random() < 0.7) kinds.set(id, random() < 0.6 ? shared : 0);
        const isSilent = id === 'd' && run > 3;
        const count = isSilent ? 0 : due;
        const traces = Array.from({ length: count }, (_, index) =>
          traceAt(before + index * interval, kinds.get(id) ?? 0),
        );
        const named = { address: '198.51.100.65', asn: 64_502, asName: null };
        const hostname = run < 3 ? null : `r${run}.example.net`;
        const responders = respondersOf({ ...named, hostname });
        if (traces.length > 0) store.append(id, readingOf(traces, { responders }));
      }
      before += due * interval;
      expect(await detectChanges(store, settings, sessionAt(at), () => [])).toEqual([]);
      recordPlan(store, planOf(run), at);
      live.push([at, await publishAt(store, home, at, at)]);
      learn(store, run, at);
    }
    expect(store.changes.since(0).length).toBeGreaterThan(2);
    const now = midnight + 10 * day;
    for (const [at, folder] of live) {
      const past = await publishAt(store, home, at, now);
      expect(differences(factsOf(folder), factsOf(past)), `day ${(at - midnight) / day}`).toEqual(
        [],
      );
      const page = readFileSync(join(past, 'index.html'), 'utf8');
      expect(page).toContain('<strong>View of <time');
      expect(readFileSync(join(past, 'assets/run.js'), 'utf8')).toContain('"isView":true');
      expect(JSON.parse(readFileSync(join(past, 'data/matrix.json'), 'utf8')).viewOf).toBe(at);
    }
  },
  60_000,
);
