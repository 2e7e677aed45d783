import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import type { FakeTest } from '../../helpers/fakeArchive.ts';
import { type Place, pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, livelyTest, noon, spacing } from './mesh.ts';
import { contentOf, pagesOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const good = { code: 0, stdout: '', stderr: '' };
const hour = 3600;
const day = 24 * hour;

/** An archive with the results of its day, regardless of pstrace's clock. */
async function arrange() {
  const held: FakeTest[] = [];
  const archive = await serve(held);
  /** A run at the time `real` while the clock shows `now`. */
  const run = (at: Place, real: number, now = real) => {
    held.splice(0, held.length, ...livelyMesh(4, 150 + (real - noon) / spacing, real));
    archive.tellTime(real);
    return runAt(now, [archive.base, '36h', ...at.options]);
  };
  return { archive, run };
}

/** Test and start of every trace, and a digest of its content. */
function tracesOf({ state }: Place): { starts: string[]; digest: string } {
  const lines = contentOf(state).filter((line) => line.includes('"record":"trace"'));
  const starts = lines.map((line) => JSON.parse(line)).map((one) => `${one.test} ${one.startedAt}`);
  return { starts, digest: createHash('sha256').update(lines.join()).digest('hex') };
}

/** A run whose clock is wrong ends without pages, and says why, once. */
const doubtful = (reason: string, isNew = true) => ({
  code: 1,
  stdout: '',
  stderr: isNew
    ? expect.stringMatching(
        new RegExp(
          `^pstrace: warning: The clock of this host ${reason}\\. Correct it, for example with NTP\\. Until then pstrace stores, deletes and sends nothing; the pages keep their content and are marked as out of date\\.\n$`,
        ),
      )
    : '',
});

/** The real time, that of the clock, and what the run says of it. */
const courses: Readonly<Record<string, readonly [number, number, string?][]>> = {
  'steps back and forth': [
    [noon, noon],
    [noon + hour, noon - 4 * hour, 'is 5 h behind that of \\S+'],
    [noon + 2 * hour, noon + 2.5 * hour, ''],
    [noon + 8 * hour, noon + 8 * hour],
  ],
  'is a day ahead for one run, then off': [
    [noon, noon],
    [noon + hour, noon + day, 'is 23 h ahead of that of \\S+'],
    [noon + 8 * hour, noon + 8 * hour],
  ],
};

test('a clock that jumps, or is ahead for some time, loses nothing and leaves nothing behind', async () => {
  const { run } = await arrange();
  const steady = place();
  for (const real of [noon, noon + 8 * hour]) expect(await run(steady, real)).toEqual(good);
  for (const [name, steps] of Object.entries(courses)) {
    const at = place();
    for (const [real, now, reason] of steps) {
      const expected = reason === undefined ? good : doubtful(reason, reason !== '');
      expect(await run(at, real, now), name).toEqual(expected);
    }
    expect(tracesOf(at), name).toEqual(tracesOf(steady));
    expect(pagesOf(at.out), name).toEqual(pagesOf(steady.out));
  }
});

test('one archive with a wrong clock is reported; tests without results still are too', async () => {
  const mesh = [1, 2, 3].map((number) => livelyTest(number, 20, noon));
  const archives = await Promise.all(mesh.map((test) => serve([test])));
  const at = place();
  const run = (now: number) => {
    for (const [index, each] of archives.entries())
      each.tellTime(now - (index === 2 ? 26 * hour : 0));
    return runAt(now, [...archives.map(({ base }) => elsewhere(base)), '3d', ...at.options]);
  };
  // Archives that have the clock of this host, as those of 127.0.0.1, have no vote.
  const elsewhere = (base: string) => base.replace('127.0.0.1', '0.0.0.0');
  const clockWarning = /: Its clock is 26 h behind this host and the other archives\./;
  const { code, stderr } = await run(noon);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^pstrace: warning: \S+: Its clock .* Ask its administrator .*\n$/);
  expect(stderr).toMatch(clockWarning);
  expect(await run(noon + 13 * hour)).toEqual(good);
  const [newest, before] = JSON.parse(pages(at.out).get('data/status.json') ?? '').runs;
  for (const { outcome, problems } of [newest, before]) {
    expect(outcome).toBe('ok');
    expect(problems).toEqual([expect.objectContaining({ message: expect.stringMatching(/26 h/) })]);
  }
  const changes = pages(at.out).get('data/changes.ndjson')?.trimEnd().split('\n') ?? [];
  expect(changes.map((line) => JSON.parse(line).class)).toEqual(Array(3).fill('vanished'));
});

test.each([
  ['years ahead', noon + 900 * day],
  ['at the epoch', 600],
])(
  'with a clock %s, a run finds and deletes nothing, and the previous pages remain',
  async (_, now) => {
    const { run } = await arrange();
    const at = place();
    expect(await run(at, noon)).toEqual(good);
    const [old, known] = [pagesOf(at.out), tracesOf(at)];
    const reason = 'shows \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC|is 900 d ahead of that of \\S+';
    expect(await run(at, noon, now)).toEqual(doubtful(`(?:${reason})`));
    expect(await run(at, noon, now + 600)).toEqual(doubtful('', false));
    expect(pages(at.out).get('index.html')).toContain('The clock of the host');
    expect(tracesOf(at)).toEqual(known);
    expect([...pagesOf(at.out).keys()]).toEqual([...old.keys()]);
    expect(await run(at, noon + hour)).toEqual(good);
    expect(tracesOf(at).starts).toHaveLength(known.starts.length + 4 * (hour / spacing));
  },
);

test('the end of summer time and the time zone of the host change no byte', async () => {
  const end = Date.UTC(2026, 9, 25, 2) / 1000;
  const archive = await serve(livelyMesh(2, 100, end));
  const sites = ['UTC', 'Europe/Berlin'].map(async (TZ) => {
    const at = place();
    const args = [archive.base, '12h', ...at.options];
    expect(await runAt(end, args, { env: { TZ } })).toEqual(good);
    return pagesOf(at.out);
  });
  const [utc, berlin] = await Promise.all(sites);
  expect(berlin).toEqual(utc);
});

test('the results of a leap second belong to two successive seconds', async () => {
  const leap = Date.UTC(2017, 0, 1) / 1000;
  const test = livelyTest(1, 20, leap + 7201);
  const [trace] = test.results?.['packet-trace'] ?? [];
  const around = [leap - 1, leap, leap + 1].map((ts) => ({ ts, val: trace?.val }));
  const archive = await serve([{ ...test, results: { 'packet-trace': around } }]);
  const at = place();
  expect(await runAt(leap + hour, [archive.base, '2h', ...at.options])).toEqual(good);
  expect(tracesOf(at).starts.map((start) => Number(start.split(' ')[1]))).toEqual([
    leap - 1,
    leap,
    leap + 1,
  ]);
  const [page] = [...pages(at.out)].filter(([path]) => /^tests\/.*index\.html$/.test(path));
  expect(page?.[1]).toContain('2017-01-01T00:00:01Z');
});
