import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { siteFiles } from '../helpers/siteFiles.ts';
import { goldenRun, until } from './goldenRun.ts';
import { gridFigures, hopRows, listRow, periodStarts, rawHops, tableRows } from './pageNumbers.ts';
import * as plain from './plainFigures.ts';
import { plainAsNumbers, plainTests } from './plainTraces.ts';

const folder = mkdtempSync(join(tmpdir(), 'pstrace-golden-'));
let files: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  await goldenRun(join(folder, 'html'), folder);
  files = siteFiles(join(folder, 'html'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// biome-ignore lint/suspicious/noExplicitAny: the test reads the files without knowing their types
type Json = any;

/**
 * The state that a network engineer reads from the recorded results of each test, by the start of its
 * key. The last four traces of 76371 are slow: too few for a lasting shift. The path MTU of 5d636 fell.
 */
const states: Readonly<Record<string, string>> = {
  '76371': 'ok',
  '9d8d5': 'filtered',
  e499f: 'unreached',
  d510a: 'failed',
  '285b5': 'changed',
  '1db08': 'ok',
  '5d636': 'degraded',
};

/** When a test took the route that it still uses; what is usual is what was before. */
const reroutedAt: Readonly<Record<string, string>> = {
  e499f: '2026-03-01T07:33:57Z',
  d510a: '2026-03-01T07:30:33Z',
  '285b5': '2026-03-01T09:38:49Z',
};

/** Two tools test the same pair; the cell shows the one in the worse state. */
const hiddenBehindAnother = '76371';

const words = { ok: '• ok', warn: '▲ slow', unknown: 'few samples' };

const tests = plainTests();

const json = (path: string): Json => JSON.parse(String(files.get(path)));
const page = (path: string): string => String(files.get(path));

/** The data file of a recorded test. */
function dataOf({ archive, key }: (typeof tests)[number]): Json {
  const all = [...files.keys()].filter((path) => path.startsWith('data/tests/')).map(json);
  return all.find(
    ({ test: { archive: host, key: other } }) => other === key && host.startsWith(archive),
  );
}

/** The cell of a recorded test, if the test is the one that it shows. */
function cellOf(id: string): Json {
  return json('data/matrix.json').cells.find(({ testIds }: Json) => testIds[0] === id);
}

/** Data files have three decimals. */
const close = (value: number | null) => {
  const isClose = (found: number) => Math.abs(found - (value ?? 0)) < 0.000_501;
  return value === null ? null : expect.toSatisfy(isClose, `${value}`);
};
const closeAll = (found: plain.PlainQuartiles) =>
  Object.fromEntries(Object.entries(found).map(([name, value]) => [`${name}Ms`, close(value)]));
const rounded = (value: number | null) => (value === null ? '-' : String(Number(value.toFixed(2))));
const compact = (at: number) => new Date(at * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
/** Two digits of a time below 10 ms, one decimal of a longer one. */
const cellMs = (value: number | null) => {
  if (value === null) return '–';
  return value.toFixed(value >= 0.995 || value === 0 ? 1 : value < 0.0995 ? 3 : 2);
};

test('seven tests were recorded, and each has its data file and its cell', () => {
  expect(tests.map((one) => dataOf(one)?.test.key)).toEqual(tests.map(({ key }) => key));
  const { cells } = json('data/matrix.json');
  expect(cells.flatMap(({ testIds }: Json) => testIds)).toHaveLength(7);
  expect(tests.map(({ traces }) => traces.length)).toEqual([24, 16, 12, 23, 24, 24, 20]);
});

describe.each(tests.map((one) => [one.key.slice(0, 5), one] as const))('test %s', (begin, one) => {
  const newest = one.traces.at(-1) as (typeof one.traces)[number];
  const periods = plain.periods(one);
  const current = periods.at(-1) as (typeof periods)[number];
  const changedAt = plain.inUseSince(periods);
  const figures = {
    rtt: plain.destinationRtt(one, newest),
    usual: plain.usualRtt(one, Date.parse(reroutedAt[begin] ?? '2100-01-01') / 1000),
    loss: plain.lossPercent(one),
    hops: plain.length(one),
    asPath: plain.asPath(current, plainAsNumbers(one.archive)),
  };

  test('every hop: samples, last, minimum, quartiles, maximum, threshold and status', () => {
    const { hopStatistics } = dataOf(one);
    const expected = [...plain.samples(one)].map(([name, list]) => {
      const found = plain.quartiles(list);
      return [
        name,
        {
          samples: list.length,
          lastMs: list.at(-1),
          ...closeAll(found),
          status: plain.status(list),
        },
      ];
    });
    const found = hopStatistics.map(({ ttl, address, stdevMs: _, ...rest }: Json) => [
      `${ttl} ${address}`,
      rest,
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test('the hop table of the page shows the same figures', () => {
    const { id } = dataOf(one).test;
    const rows = hopRows(page(`tests/${id}/index.html`)).filter(({ received }) => received !== '0');
    const known = plain.samples(one);
    const expected = rows.map(({ ttl, ip, isInUse }) => {
      const list = known.get(`${ttl} ${ip}`) ?? [];
      const { min, median, threshold, max } = plain.quartiles(list);
      const times = [list.at(-1) ?? null, min, median, threshold, max].map(cellMs);
      const status = isInUse ? words[plain.status(list)] : '';
      return { ttl, ip, isInUse, received: String(list.length), times, status };
    });
    expect(rows).toEqual(expected);
    const shown = new Set(rows.map(({ ip }) => ip));
    expect(newest.answers.filter(({ ip }) => !shown.has(ip))).toEqual([]);
  });

  test('the latest trace, in the data and as text', () => {
    const { latest, test } = dataOf(one);
    expect(latest).toMatchObject({ at: newest.at, reached: newest.reached, pathMtu: newest.mtu });
    const answered = latest.hops.filter(({ address }: Json) => address !== null);
    const expected = newest.answers.map(({ ttl, ip, rtt }) => [ttl, ip, rtt]);
    expect(answered.map(({ ttl, address, rttMs }: Json) => [ttl, address, rttMs])).toEqual(
      expected,
    );
    expect(rawHops(page(`tests/${test.id}/index.html`))).toEqual(
      newest.answers.map(({ ttl, ip, rtt }) => [
        String(ttl),
        ip,
        rtt === null ? '-' : rtt.toFixed(1),
      ]),
    );
  });

  test('the periods of its routes, in the data and in the history', () => {
    const { routePeriods: found, test } = dataOf(one);
    expect(
      found.map(({ from, to, traces, reached }: Json) => ({ from, to, traces, reached })),
    ).toEqual(
      periods.map(({ traces }) => ({
        from: traces[0]?.at,
        to: traces.at(-1)?.at,
        traces: traces.length,
        reached: traces.some(({ reached }) => reached),
      })),
    );
    const same = (a: number, b: number) => found[a].variant === found[b].variant;
    expect(periods.map((_, index) => periods.map((__, other) => same(index, other)))).toEqual(
      periods.map(({ route }) => periods.map((other) => route === other.route)),
    );
    expect(found.at(-1).asPath).toEqual(figures.asPath);
    const starts = periodStarts(page(`tests/${test.id}/history.html`));
    expect(starts).toEqual(periods.map(({ traces }) => compact(traces[0]?.at ?? 0)).reverse());
  });

  test('the table of its routes', () => {
    const { variants, test } = dataOf(one);
    const counts = plain.routeCounts(one);
    expect(variants.map(({ traces }: Json) => traces)).toEqual(counts);
    expect(variants.map(({ share }: Json) => share)).toEqual(
      counts.map((count) => close(count / one.traces.length)),
    );
    const rows = tableRows(page(`tests/${test.id}/index.html`), 'variants');
    expect(rows.map(([, , traces]) => traces)).toEqual(counts.map(String));
  });

  test('state and figures of the test, and of its cell in the matrix', () => {
    const data = dataOf(one);
    expect(data).toMatchObject({
      state: states[begin],
      rttMs: figures.rtt,
      usualRttMs: close(figures.usual),
      lossPct: close(figures.loss),
      traces: one.traces.length,
    });
    const cell = cellOf(data.test.id);
    if (cell === undefined) return expect(begin).toBe(hiddenBehindAnother);
    expect(cell).toMatchObject({
      state: states[begin],
      family: one.family,
      rttMs: figures.rtt,
      usualRttMs: close(figures.usual),
      lossPct: close(figures.loss),
      hops: figures.hops,
      pathMtu: newest.mtu,
      asPath: figures.asPath,
      reached: newest.reached,
      lastTraceAt: newest.at,
      lastRouteChangeAt: changedAt,
    });
  });

  test('grid and list of the matrix page show the same figures', () => {
    const { id } = dataOf(one).test;
    if (cellOf(id) === undefined) return expect(begin).toBe(hiddenBehindAnother);
    const { rtt, usual, loss, hops, asPath } = figures;
    const ages = [changedAt, newest.at].map((at) => (at === null ? '-' : String(until - at)));
    const mtu = newest.mtu === null ? '-' : String(newest.mtu);
    const systems = asPath.length === 0 ? '-' : String(asPath.length);
    const index = page('index.html');
    expect(gridFigures(index, id).slice(0, 9)).toEqual([
      String(one.family),
      ...[rtt, usual, loss].map(rounded),
      ...[String(hops), mtu, systems, ...ages],
    ]);
    expect(listRow(index, id)?.slice(3, 10)).toEqual([
      `IPv${one.family}`,
      ...[rtt, usual].map(cellMs),
      `${loss.toFixed(0)}%`,
      ...[String(hops), mtu, systems].map((text) => text.replace('-', '–')),
    ]);
  });
});
