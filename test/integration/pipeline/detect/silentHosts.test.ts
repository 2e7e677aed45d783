import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Config, parseConfig } from '../../../../src/config/load.ts';
import type { Incident } from '../../../../src/model/incident/incident.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { detectChanges } from '../../../../src/pipeline/detect/detectChanges.ts';
import { publicStore } from '../../../../src/pipeline/publicStore.ts';
import { publishSite } from '../../../../src/pipeline/publish/publishSite.ts';
import { currentContext } from '../../../../src/pipeline/publish/siteContext.ts';
import { createSiteInput } from '../../../../src/pipeline/publish/siteInput.ts';
import { openStore } from '../../../../src/store/open.ts';
import type { Store } from '../../../../src/store/store.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough } from '../../store/samples.ts';

/**
 * A host or an archive that delivers nothing any more: one incident however many tests it has, cells
 * that are stale for as long as that lasts, and an end when results arrive again.
 */

const interval = 600;
const hour = 3600;
const day = 24 * hour;
const since = midnight + 2 * day;
const addresses = { a: '203.0.113.1', b: '203.0.113.2', c: '203.0.113.3', d: '203.0.113.4' };
type Host = keyof typeof addresses;
const hosts = Object.keys(addresses) as Host[];

/** A full mesh; `a` and `b` deliver to one archive, `c` and `d` to another. */
const pairs = hosts.flatMap((source) =>
  hosts
    .filter((destination) => destination !== source)
    .map((destination) => ({
      id: `${source}-${destination}`,
      source,
      destination,
      archive: 'ab'.includes(source) ? 'ma1.example.net' : 'ma2.example.net',
    })),
);
type Pair = (typeof pairs)[number];

/** The traces of a pair: each source and each destination is behind a router of its own. */
function tracesOf(
  { source, destination }: Pair,
  from: number,
  to: number,
  reached = true,
): Trace[] {
  const number = (host: Host) => hosts.indexOf(host) + 1;
  const [near, far] = [`192.0.2.${number(source)}`, `198.51.100.${number(destination)}`];
  const route = reached
    ? routeThrough(near, far, addresses[destination])
    : { ...routeThrough(near, far), reached: false };
  return Array.from({ length: (to - from) / interval }, (_, index) => {
    const startedAt = from + index * interval;
    const rttMs = route.hops.map(({ ttl }) => 4 * ttl + ((startedAt / interval) % 7) / 10);
    return { startedAt, route, rttMs, probes: null };
  });
}

function createScene() {
  const state = tempDir();
  const store = openStore(state, midnight);
  onTestFinished(() => store.close());
  const endpoint = (host: Host) => ({ name: `${host}.example.net`, address: addresses[host] });
  store.upsertTests(
    pairs.map(({ id, archive, source, destination }) => ({
      ...listedTest(id, { archive }),
      source: endpoint(source),
      destination: endpoint(destination),
    })),
    midnight,
  );
  /** Runs at intervals; `fate`: whether a test delivers, and whether it reaches its end. */
  async function runUntil(
    from: number,
    to: number,
    fate: (pair: Pair) => boolean | null,
    step = 2 * hour,
  ) {
    for (let now = from + step; now <= to; now += step) {
      for (const pair of pairs) {
        const reached = fate(pair);
        if (reached !== null)
          store.append(pair.id, readingOf(tracesOf(pair, now - step, now, reached)));
      }
      const config = { policies: [], groups: [], overlapSeconds: hour };
      const settings = { ...config, acceptAfterSeconds: 7 * day, runLimitSeconds: 60 };
      expect(await detectChanges(store, settings, sessionAt(now), () => [])).toEqual([]);
    }
  }
  return { store, state, runUntil };
}

function configOf(state: string): Config {
  const { config } = parseConfig(`state = "${state}"`, join(state, 'pstrace.toml'), state);
  if (config === null) throw new Error('no configuration');
  return config;
}

/** The states of all cells at a moment, and since when, by test. */
async function cellsAt(store: Store, state: string, now: number) {
  const config = configOf(state);
  const context = currentContext({ from: now - 6 * hour, to: now }, 'Mesh', []);
  const out = join(state, 'html');
  const input = createSiteInput(store, publicStore(store, config), config, context, null);
  await publishSite({ ...config, out }, input, sessionAt(now));
  const { cells } = JSON.parse(readFileSync(join(out, 'data/matrix.json'), 'utf8'));
  const list = cells as { testIds: string[]; state: string; stateSince: number | null }[];
  return new Map(list.map((cell) => [cell.testIds[0], [cell.state, cell.stateSince]]));
}

function incidents(store: Store): Pick<Incident, 'status' | 'suspect' | 'tests'>[] {
  return store.incidents.since(0).map(({ status, suspect, tests }) => ({ status, suspect, tests }));
}

const lastTrace = since - interval;
/** Longer than pages look back for anything else. */
const end = since + 40 * day;
const silences = [
  ['source', 'a.example.net', ({ source }: Pair) => source === 'a'],
  ['archive', 'ma1.example.net', ({ archive }: Pair) => archive === 'ma1.example.net'],
] as const;

describe.each(silences)('a silent %s', (_, name, isSilent) => {
  const silent = pairs.filter(isSilent).map(({ id }) => id);

  test('is one incident, and its cells are stale until it delivers again', async () => {
    const { store, state, runUntil } = createScene();
    await runUntil(midnight, since, () => true);
    const fate = (pair: Pair) => (isSilent(pair) ? null : true);
    await runUntil(since, since + 2 * day, fate);
    await runUntil(since + 2 * day, end, fate, day);
    expect(incidents(store)).toMatchObject([{ status: 'open', suspect: { name }, tests: silent }]);
    const stale = await cellsAt(store, state, end);
    for (const { id } of pairs)
      expect(stale.get(id), id).toEqual(
        silent.includes(id) ? ['stale', lastTrace] : ['ok', midnight],
      );
    await runUntil(end, end + 2 * hour, () => true);
    expect(incidents(store)).toMatchObject([{ status: 'recovered', tests: silent }]);
    const back = await cellsAt(store, state, end + 2 * hour);
    for (const { id } of pairs) expect(back.get(id)?.[0], id).toBe('ok');
    for (const id of silent) expect(back.get(id)?.[1], id).toBeGreaterThan(end);
  });
});

test('a silent destination is one incident of tests that no longer reach it', async () => {
  const { store, state, runUntil } = createScene();
  const isSilent = ({ destination }: Pair) => destination === 'd';
  const silent = pairs.filter(isSilent).map(({ id }) => id);
  const fate = (pair: Pair) => (pair.source === 'd' ? null : !isSilent(pair));
  await runUntil(midnight, since, () => true);
  await runUntil(since, since + 3 * day, fate);
  const [outage, ...others] = incidents(store);
  expect(outage).toMatchObject({ status: 'open', tests: expect.arrayContaining(silent) });
  expect(outage?.suspect.name).toBe('d.example.net');
  expect(others.length).toBeLessThanOrEqual(1);
  const cells = await cellsAt(store, state, since + 3 * day);
  for (const id of silent) expect(cells.get(id), id).toEqual(['unreached', since]);
  await runUntil(since + 3 * day, since + 3 * day + 4 * hour, () => true);
  expect(incidents(store).every(({ status }) => status === 'recovered')).toBe(true);
  const back = await cellsAt(store, state, since + 3 * day + 4 * hour);
  for (const { id } of pairs) expect(back.get(id)?.[0], id).toBe('ok');
});
