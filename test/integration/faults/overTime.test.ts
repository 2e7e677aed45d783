import { http } from 'msw';
import { expect, test, vi } from 'vitest';
import type { FakeTest } from '../../helpers/fakeArchive.ts';
import { resetAfter } from '../../helpers/faults.ts';
import { type Place, pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { contentOf, pagesOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const good = { code: 0, stdout: '', stderr: '' };
const hour = 3600;
/** Every run draws every page, so that pages are the same whatever earlier runs drew. */
const drawsEach = '[site]\nredraw = "1s"\n';

/** The same test without the results of an interval. */
function without(test: FakeTest, from: number, to: number): FakeTest {
  const { results = {} } = test;
  const kept = Object.entries(results).map(([type, all]) => [
    type,
    all.filter(({ ts }) => Number(ts) < from || Number(ts) > to),
  ]);
  return { ...test, results: Object.fromEntries(kept) };
}

/**
 * Checks that both places have the same content and pages, except for the checkpoints, which are at
 * the ends of runs. `but`: other kinds of records that may differ.
 */
function expectSame(one: Place, other: Place, but: readonly string[] = []): void {
  const left = ['detectionCheckpoint', ...but];
  const known = ({ state }: Place) =>
    contentOf(state).filter((line) => !left.includes(JSON.parse(line).record));
  expect(known(one)).toEqual(known(other));
  expect(pagesOf(one.out)).toEqual(pagesOf(other.out));
}

test('results that arrive after newer ones are read', async () => {
  const whole = livelyMesh(4, 60, noon + hour);
  const held: FakeTest[] = [];
  const archive = await serve(held);
  const run = (at: Place, now: number, tests: readonly FakeTest[]) => {
    held.splice(0, held.length, ...tests);
    return runAt(now, [archive.base, '12h', ...at.options]);
  };
  const [late, onTime] = [place(drawsEach), place(drawsEach)];
  const delayed = whole.map((each) => without(each, noon - 1.5 * hour, noon - 0.2 * hour));
  expect(await run(late, noon, delayed)).toEqual(good);
  expect(await run(late, noon + 0.4 * hour, whole)).toEqual(good);
  expect(await run(onTime, noon, whole)).toEqual(good);
  expect(await run(onTime, noon + 0.4 * hour, whole)).toEqual(good);
  // After a first run, the detection has no checkpoint: late results are history.
  expectSame(late, onTime, ['detection']);
});

test('if one of three archives is dead for two runs, the others are read, and its results follow', async () => {
  const mesh = livelyMesh(9, 100, noon + 2 * hour);
  let isDead = false;
  const dying = http.all('*', () => (isDead ? resetAfter(0, []) : undefined));
  const parts = [mesh.slice(0, 3), mesh.slice(3, 6), mesh.slice(6)] as const;
  const archives = [await serve(parts[0]), await serve(parts[1]), await serve(parts[2], [dying])];
  const bases = archives.map(({ base }) => base);
  const run = (at: Place, now: number) => runAt(now, [...bases, '12h', ...at.options]);
  const [disturbed, calm] = [place(drawsEach), place(drawsEach)];
  const times = [noon, noon + hour, noon + 1.5 * hour, noon + 2 * hour];
  for (const [index, now] of times.entries()) {
    isDead = index === 1 || index === 2;
    const { code, stderr } = await run(disturbed, now);
    expect(code).toBe(isDead ? 75 : 0);
    if (!isDead) continue;
    const [line, ...more] = stderr.trimEnd().split('\n');
    expect(line).toContain(`warning: ${bases[2]?.replace('http://', '')}: The connection to`);
    expect(more).toEqual([]);
    const newest = (number: number) =>
      JSON.parse(pages(disturbed.out).get('data/matrix.json') ?? '').cells.find(
        ({ source }: { source: string }) => source === `192.0.2.${number}`,
      ).lastTraceAt;
    expect(newest(1)).toBeGreaterThan(now - 700);
    expect(newest(9)).toBeLessThanOrEqual(noon);
  }
  isDead = false;
  for (const now of times) expect(await run(calm, now)).toEqual(good);
  expectSame(disturbed, calm);
});

test('one run reads a bounded amount from an archive; successive runs read everything', async () => {
  const archive = await serve(livelyMesh(8, 60, noon));
  const at = place(`${drawsEach}[http]\nmax_run = "250kB"\nretries = 0\nconcurrency = 1\n`);
  const run = () => runAt(noon, [archive.base, '12h', ...at.options]);
  let runs = 1;
  for (let ended = await run(); ended.code !== 0; ended = await run()) {
    expect(ended.code).toBe(75);
    expect(ended.stderr).toMatch(
      /has sent 2\d\d kB, the limit of one run\. The next run continues/,
    );
    runs += 1;
    expect(runs).toBeLessThan(10);
  }
  expect(runs).toBeGreaterThan(2);
  const { runs: records } = JSON.parse(pages(at.out).get('data/status.json') ?? '');
  for (const { archives } of records) expect(archives[0].bytes).toBeLessThan(300_000);
  const unbounded = place(drawsEach);
  expect(await runAt(noon, [archive.base, '12h', ...unbounded.options])).toEqual(good);
  expectSame(at, unbounded);
});
