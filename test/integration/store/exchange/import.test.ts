import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { tempDir } from '../../../helpers/tempDir.ts';
import { contentOf } from '../content.ts';
import {
  listedTest,
  midnight,
  periodAt,
  readingOf,
  routeThrough,
  runAt,
  traceAt,
} from '../samples.ts';
import { exported, imported, storeIn } from './exchanged.ts';

const always = { from: 0, to: 2 ** 40 };
const routeA = routeThrough('192.0.2.1', '198.51.100.9');
const routeB = routeThrough('192.0.2.1', '192.0.2.2', '198.51.100.9');

/** Two tests, two days each, with a history. */
function filled(): { dir: string; lines: string[] } {
  const dir = join(tempDir(), 'var');
  const store = storeIn(dir);
  for (const id of ['a', 'b']) {
    store.upsertTests([listedTest(id)], midnight);
    const traces = Array.from({ length: 48 }, (_, index) =>
      traceAt(midnight + index * 3600, index % 2 === 0 ? routeA : routeB),
    );
    store.append(id, readingOf(traces));
    store.finalizeDay(id, midnight, [periodAt(0, 82_800, 24)]);
    const state = { engine: { version: 3 }, elements: [] };
    store.detectionStates.save(id, { ...state, until: midnight + 82_800 });
    store.lateArrivals.restoreCheckpoint(id, { ...state, until: midnight });
    store.lateArrivals.markLateFrom(id, midnight + 3600);
  }
  return { dir, lines: exported(dir).lines };
}

/** Numbers, from 1, of the first line of a kind and of the line of its test. */
function lineOf(lines: readonly string[], record: string, id = 'a'): number {
  const found = lines.findIndex(
    (line) => line.includes(`"record":"${record}"`) && line.includes(`"${id}"`),
  );
  return found + 1;
}

describe('a damaged line', () => {
  test.each([
    ['cut off', (line: string) => line.slice(0, -20), /not JSON/],
    ['with a wrong type', (line: string) => line.replace('"rttMs":[', '"rttMs":["x",'), /rttMs/],
    ['of an unknown kind', (line: string) => line.replace('"trace"', '"tracer"'), /record/],
    ['with an extra time', (line: string) => line.replace('"rttMs":[', '"rttMs":[1,'), /match/],
    ['over a missing route', (line: string) => line.replace('"route":1', '"route":7'), /7/],
    [
      'before the epoch',
      (line: string) => line.replace('"startedAt":', '"startedAt":-'),
      /started/,
    ],
  ])('%s is skipped and reported by its number; the others are imported', (_, damage, reason) => {
    const { lines } = filled();
    const number = lineOf(lines, 'trace');
    const broken = lines.with(number - 1, damage(lines[number - 1] ?? ''));
    const dir = tempDir();
    const { skipped, complete } = imported(dir, broken);
    expect(skipped).toEqual([{ line: number, reason: expect.stringMatching(reason) }]);
    expect(complete).toBe(false);
    const store = storeIn(dir);
    expect(store.traces('a', always)).toHaveLength(47);
    expect(store.traces('b', always)).toHaveLength(48);
  });

  test('that is too long is skipped, too', () => {
    const { lines } = filled();
    expect(imported(tempDir(), lines.toSpliced(3, 0, '', '[]')).skipped).toEqual([
      { line: 4, reason: 'it is not JSON' },
      { line: 5, reason: expect.stringContaining('expected object') },
    ]);
    const [unread] = imported(tempDir(), [null, ...lines]).skipped;
    expect(unread).toEqual({ line: 1, reason: 'it is too long or not UTF-8' });
  });

  test('of a route invalidates its traces, which are reported one by one', () => {
    const { lines } = filled();
    const number = lineOf(lines, 'route');
    const dir = tempDir();
    const { skipped } = imported(dir, lines.with(number - 1, '{'));
    expect(skipped).toHaveLength(25);
    expect(storeIn(dir).traces('a', always)).toHaveLength(24);
  });

  test('of a test invalidates its lines and no lines of other tests', () => {
    const { lines } = filled();
    const dir = tempDir();
    const { skipped } = imported(dir, lines.with(lineOf(lines, 'test') - 1, '{'));
    expect(skipped.map(({ reason }) => reason)).toContain('test a is unknown');
    expect(
      storeIn(dir)
        .tests()
        .map(({ id }) => id),
    ).toEqual(['b']);
    expect(storeIn(dir).traces('b', always)).toHaveLength(48);
  });

  test('at the end of a test does not assign its traces to the next', () => {
    const { lines } = filled();
    const dir = tempDir();
    imported(dir, lines.with(lineOf(lines, 'testState') - 1, '{'), 1000);
    const store = storeIn(dir);
    expect(store.traces('a', always)).toHaveLength(48);
    expect(store.traces('b', always)).toHaveLength(48);
  });

  test('leaves its test, and no other, without coverage', () => {
    const { lines } = filled();
    const dir = tempDir();
    imported(dir, lines.with(lineOf(lines, 'trace') - 1, '{'));
    const store = storeIn(dir);
    const wanted = { from: midnight, to: midnight + 47 * 3600 };
    expect(store.missingIntervals('a', wanted, 0)).toEqual([wanted]);
    expect(store.missingIntervals('b', wanted, 0)).toEqual([]);
  });

  test.each([
    ['a page outside the site', '"id":"../../etc"'],
    ['a hidden page', '"id":".site"'],
  ])('that would name %s is rejected', (_, id) => {
    const { lines } = filled();
    const dir = tempDir();
    const number = lineOf(lines, 'test');
    const line = lines[number - 1]?.replace('"id":"a"', id) ?? '';
    expect(imported(dir, [line]).skipped).toEqual([
      { line: 1, reason: expect.stringMatching(/^id: /) },
    ]);
    expect(storeIn(dir).tests()).toEqual([]);
  });

  test('with control characters or an invalid address is rejected', () => {
    const responder = {
      record: 'responder',
      address: '192.0.2.1',
      hostname: null,
      asn: 1,
      asName: '',
    };
    const broken = [
      { ...responder, hostname: 'a\u001b[31mb' },
      { ...responder, asName: 'two\nlines' },
      { ...responder, address: '192.0.2.1 ' },
      { ...responder, address: '::ffff:192.0.2.1' },
    ];
    const { skipped, records } = imported(
      tempDir(),
      broken.map((each) => JSON.stringify(each)),
    );
    expect(skipped.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    expect(records).toBe(0);
  });
});

describe('an import', () => {
  test('that is repeated changes nothing', () => {
    const { dir, lines } = filled();
    const before = contentOf(storeIn(dir));
    expect(imported(dir, lines)).toMatchObject({ newTraces: 0, complete: true, skipped: [] });
    expect(contentOf(storeIn(dir))).toEqual(before);
    expect(exported(dir).lines).toEqual(lines);
  });

  test('adds missing values and keeps stored ones', () => {
    const { lines } = filled();
    const dir = tempDir();
    const store = storeIn(dir);
    store.upsertTests([listedTest('a')], midnight + 9 * 86_400);
    const late = traceAt(midnight + 60 * 3600, routeA);
    store.append('a', readingOf([late]));
    const own = periodAt(82_000, 86_000, 3, { reached: false });
    store.finalizeDay('a', midnight + 2 * 86_400, [own]);
    expect(imported(dir, lines).newTraces).toBe(96);
    expect(store.traces('a', always)).toHaveLength(49);
    expect(store.tests()[0]).toMatchObject({
      firstSeenAt: midnight,
      lastListedAt: midnight + 9 * 86_400,
      newestTraceAt: midnight + 60 * 3600,
    });
    // The new traces make the days unfinalized again.
    expect(store.unfinalizedTests(midnight + 3 * 86_400)[0]).toEqual({ id: 'a', from: midnight });
  });

  test('keeps stored periods and adds those of other times', () => {
    const { lines } = filled();
    const dir = tempDir();
    imported(dir, lines);
    const store = storeIn(dir);
    const own = periodAt(40_000, 70_000, 9, { reached: false });
    store.finalizeDay('a', midnight, [own]);
    const older = JSON.stringify({
      record: 'routePeriod',
      test: 'a',
      ...periodAt(-9000, -8000, 2),
    });
    imported(dir, [...lines, older]);
    expect(store.routeHistory('a', midnight + 86_400, 9).periods).toEqual([
      periodAt(-9000, -8000, 2),
      own,
    ]);
  });

  test('of an export that ends early, at any line, is incomplete', () => {
    const { lines } = filled();
    for (const end of [1, 20, lines.length - 1]) {
      const { complete, skipped } = imported(tempDir(), lines.slice(0, end));
      expect({ complete, skipped }).toEqual({ complete: false, skipped: [] });
    }
  });

  test('of a newer version is rejected before anything is stored', () => {
    const { lines } = filled();
    const dir = tempDir();
    const newer = lines.with(0, '{"record":"pstrace","version":99}');
    expect(() => imported(dir, newer)).toThrow(
      /version 99, but this pstrace supports versions up to/,
    );
    expect(storeIn(dir).tests()).toEqual([]);
  });
});

test('the problems of runs lose the words of others if an earlier version wrote the export', () => {
  const { dir } = filled();
  const problem = { kind: 'delivery', subject: 'noc@example.org', remedy: 'Ask them.' } as const;
  const message = 'the server said: AUTH PLAIN c2VjcmV0';
  const source = storeIn(dir);
  source.finishRun(source.startRun(runAt(midnight)), {
    ...runAt(midnight),
    finishedAt: midnight + 9,
    outcome: 'partial',
    problems: [{ ...problem, message }],
  });
  const { lines } = exported(dir);
  const problemsAfter = (version: number) => {
    const to = tempDir();
    const header = JSON.stringify({ record: 'pstrace', version });
    expect(imported(to, lines.with(0, header))).toMatchObject({ complete: true, skipped: [] });
    return storeIn(to).runs(9)[0]?.problems;
  };
  expect(problemsAfter(3)).toEqual([
    {
      kind: 'delivery',
      subject: 'earlier version',
      message: 'An earlier version of pstrace met a problem; its log has the details.',
      remedy: null,
    },
  ]);
  expect(problemsAfter(4)).toEqual([{ ...problem, message }]);
});

test('the export of a damaged database omits and reports only the damage', () => {
  const { dir } = filled();
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  database.exec("UPDATE chunk SET body = x'01ff' WHERE key = (SELECT min(key) FROM chunk)");
  database.exec("UPDATE route SET body = x'09' WHERE number = 2");
  database.close();
  const { lines, damage } = exported(dir);
  expect(damage[0]).toBe('a: traces cannot be read: the bytes end too early');
  expect(damage[1]).toBe('a: a route cannot be read: route in unknown format 9');
  const to = tempDir();
  expect(imported(to, lines)).toMatchObject({ complete: true, skipped: [] });
  const store = storeIn(to);
  // Lost: six hours of one test, and every second trace of both, over the damaged route.
  expect(store.traces('a', always)).toHaveLength(21);
  expect(store.traces('b', always)).toHaveLength(24);
  expect(store.routeHistory('b', midnight + 86_400, 9).periods).toEqual([periodAt(0, 82_800, 24)]);
});
