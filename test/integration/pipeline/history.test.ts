import { writeFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { finalizeHistory } from '../../../src/pipeline/finalizeHistory.ts';
import { pruneTraces } from '../../../src/pipeline/pruneTraces.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import type { FakeTest } from '../../helpers/fakeArchive.ts';
import { sessionAt } from '../../helpers/sessionAt.ts';
import { pages, place, pstrace } from '../cli/command.ts';
import { openedStore } from '../store/openedStore.ts';
import { midnight, readingOf, routeThrough, traceAt } from '../store/samples.ts';
import { meshTest, now, serve } from './mesh.ts';

const day = 86_400;
const always = { from: 0, to: 2 ** 40 };

/** Reads the store that a run left behind. */
function read<T>(state: string, look: (store: Store) => T): T {
  const store = openStore(state, now, 'read');
  try {
    return look(store);
  } finally {
    store.close();
  }
}

/** The history page of the site's only test. */
function historyPage(out: string): string {
  return [...pages(out)].find(([path]) => path.endsWith('history.html'))?.[1] ?? '';
}

const settings = (traces: string) => `[store]\nretention = "${traces}"\n[http]\nretries = 0\n`;

describe('a run', () => {
  test('deletes traces beyond their retention, never those of its window, and retains their history', async () => {
    const count = 5 * 144;
    const { base } = await serve([meshTest(1, count)]);
    const { out, state, options } = place(settings('2d'));
    expect((await pstrace(base, '6d', ...options)).code).toBe(0);
    const before = read(state, (store) => {
      const [test] = store.tests();
      return store.traces(test?.id ?? '', always);
    });
    expect(before).toHaveLength(count);

    expect((await pstrace(base, '1d', ...options)).code).toBe(0);
    const [oldest, history] = read(state, (store) => {
      const [test] = store.tests();
      const [trace] = store.traces(test?.id ?? '', always);
      return [trace?.startedAt ?? 0, store.routeHistory(test?.id ?? '', now - day, 99)] as const;
    });
    expect(oldest).toBeLessThanOrEqual(now - 2 * day);
    expect(oldest).toBeGreaterThan(now - 3 * day - 700);
    expect(history.periods[0]?.from).toBe(before[0]?.startedAt);
    expect(history.periods.length).toBeLessThan(6);

    const page = historyPage(out);
    const first = new Date(1000 * (before[0]?.startedAt ?? 0)).toISOString().slice(0, 16);
    expect(page).toContain(`datetime="${first}`);
    expect(page.match(/class="period"/g)).toHaveLength(1);
    expect((await pstrace('render', ...options)).code).toBe(0);
    expect(historyPage(out)).toBe(page);
  });

  test('tells since when a test is ok, also when the first results are pruned', async () => {
    const { base } = await serve([meshTest(1, 5 * 144)]);
    const { out, state, options } = place(settings('2d'));
    const since = () => JSON.parse(String(pages(out).get('data/matrix.json'))).cells[0].stateSince;
    const stored = () => read(state, (store) => store.tests()[0]);
    expect((await pstrace(base, '6d', ...options)).code).toBe(0);
    const first = now - 5 * day;
    expect(since()).toBeGreaterThan(first - 1200);
    expect(since()).toBeLessThan(first + 1200);
    for (const _ of [1, 2]) expect((await pstrace(base, '1d', ...options)).code).toBe(0);
    const [oldest] = read(state, (store) => store.traces(stored()?.id ?? '', always));
    expect(oldest?.startedAt).toBeGreaterThan(now - 3 * day - 700);
    expect(since()).toBe(stored()?.firstTraceAt);
    expect(since()).toBeLessThan(first + 1200);
  });

  test('shows the history without a gap, however short its window is', async () => {
    const { base } = await serve([meshTest(1, 300)]);
    const { out, options } = place();
    await pstrace(base, '3d', ...options);
    for (const period of ['30m', '30h']) {
      expect((await pstrace('render', period, ...options)).code).toBe(0);
      const page = historyPage(out);
      expect(page.match(/class="period"/g)).toHaveLength(1);
      expect(page).toContain('300 traces');
    }
  });
});

describe('a test that has vanished', () => {
  test('stays stale in the mesh with its history when its last traces are pruned', async () => {
    const { base } = await serve([meshTest(1), meshTest(2, 60, now - 4 * day)]);
    const { out, state, options } = place(settings('1d'));
    expect((await pstrace(base, '5d', ...options)).code).toBe(0);
    const cell = () =>
      JSON.parse(String(pages(out).get('data/matrix.json'))).cells.find(
        ({ source }: { source: string }) => source === '192.0.2.2',
      );
    for (const _ of [1, 2]) expect((await pstrace(base, '2h', ...options)).code).toBe(0);
    const left = read(state, (store) =>
      store.tests().map(({ id, newestTraceAt }) => [id, newestTraceAt, store.traces(id, always)]),
    );
    const [id, newestTraceAt] = left.find(([, , traces]) => (traces as []).length === 0) ?? [];
    expect(cell()).toMatchObject({
      state: 'stale',
      stateSince: newestTraceAt,
      lastTraceAt: newestTraceAt,
      stateReason: expect.stringContaining('No result for more than'),
      testIds: [id],
    });
    expect(pages(out).get(`tests/${id}/history.html`)).toContain('60 traces');
    expect((await pstrace('check', ...options.slice(2))).stdout).toContain('stale');
  });

  test('by hand keeps its pages as long as its traces, but is no part of the mesh', async () => {
    const { base } = await serve([meshTest(1), meshTest(2, 6, now - 4 * day)]);
    const { out, options } = place(settings('30d'));
    expect((await pstrace(base, '5d', ...options)).code).toBe(0);
    // Its pictures go with the first run of the next day.
    const own = (path: string) => path.includes('192.0.2.2_') && !path.startsWith('routes/');
    const shown = () => [...pages(out).keys()].filter(own).length;
    const before = shown();
    expect(before).toBeGreaterThan(2);
    expect((await pstrace(base, '2h', ...options)).code).toBe(0);
    expect(shown()).toBe(before);
    expect(pages(out).get('data/matrix.json')).not.toContain('192.0.2.2_');
    const [, page = ''] =
      [...pages(out)].find(([path]) => own(path) && path.endsWith('index.html')) ?? [];
    expect(page).toContain('stale');

    const config = options.at(-1) ?? '';
    writeFileSync(config, settings('1d'));
    expect((await pstrace(base, '2h', ...options)).code).toBe(0);
    expect((await pstrace(base, '2h', ...options)).code).toBe(0);
    expect(shown()).toBe(0);
    expect([...pages(out).keys()].some((path) => path.includes('192.0.2.1_'))).toBe(true);
  });
});

describe('a test that two archives keep', () => {
  /** The periods on a history page with their traces, and the starts of the first and the last. */
  const periodsOn = (page: string) => ({
    periods: page.match(/class="period"/g)?.length,
    counts: [...page.matchAll(/(\d+) traces/g)].map(([, count]) => Number(count)),
  });

  test('has the history of both, each run once, also when its traces are gone and one archive with them', async () => {
    const count = 5 * 144;
    // Every second run reached both, the others one each.
    const all = meshTest(1, count).results?.['packet-trace'] ?? [];
    const part = (rest: number) => ({
      ...meshTest(1),
      results: { 'packet-trace': all.filter((_, index) => index % 2 === 0 || index % 4 === rest) },
    });
    const [own, central] = [await serve([part(1)]), await serve([part(3)])];
    const { out, state, options } = place(settings('2d'));
    expect((await pstrace(own.base, central.base, '6d', ...options)).code).toBe(0);
    expect((await pstrace(own.base, central.base, '1d', ...options)).code).toBe(0);
    const { counts } = periodsOn(historyPage(out));
    expect(periodsOn(historyPage(out)).periods).toBe(1);
    expect(Math.max(...counts)).toBe(count);
    const kept = read(state, (store) => store.tests().map(({ id }) => store.traces(id, always)));
    expect(kept.map(({ length }) => length < count / 2)).toEqual([true, true]);
    expect((await pstrace(central.base, '1d', ...options)).code).toBe(0);
    expect(Math.max(...periodsOn(historyPage(out)).counts)).toBe(count);
  });

  test('keeps the history of before the second archive was added', async () => {
    const held: [FakeTest[], FakeTest[]] = [[], []];
    const bases = [(await serve(held[0])).base, (await serve(held[1])).base] as const;
    for (const [older, younger] of [
      [0, 1],
      [1, 0],
    ] as const) {
      held[older].splice(0, 1, meshTest(1, 5 * 144));
      held[younger].splice(0, 1, meshTest(1, 60));
      const { out, options } = place(settings('2d'));
      expect((await pstrace(bases[older], '6d', ...options)).code).toBe(0);
      expect((await pstrace(...bases, '1h', ...options)).code).toBe(0);
      expect(Math.max(...periodsOn(historyPage(out)).counts)).toBe(5 * 144);
    }
  });
});

describe('a clock that is years ahead', () => {
  test('empties no store, and settles no day before its time has come', async () => {
    const store = openedStore('a');
    const starts = Array.from({ length: 300 }, (_, index) => midnight + index * 600);
    const route = routeThrough('192.0.2.1', '198.51.100.9');
    store.append('a', readingOf(starts.map((at) => traceAt(at, route))));
    const ahead = midnight + 20 * 365 * day;
    const finalizeDay = vi.fn(store.finalizeDay);
    await finalizeHistory({ ...store, finalizeDay }, ahead, sessionAt(ahead));
    expect(finalizeDay).toHaveBeenCalledTimes(3);
    pruneTraces(
      store,
      { from: ahead - day, to: ahead },
      { retentionSeconds: day, trustedBefore: null },
      sessionAt(ahead),
    );
    expect(store.traces('a', always)).toHaveLength(300 - 144);
    const next = midnight + 300 * 600;
    store.append('a', readingOf([traceAt(next, route)]));
    expect(store.unfinalizedTests(midnight + 4 * day)).toEqual([
      { id: 'a', from: midnight + 2 * day },
    ]);
    expect(store.routeHistory('a', next, 9).until).toBe(midnight + 2 * day);
  });
});
