import { describe, expect, test } from 'vitest';
import type { Run } from '../../../../src/model/run/run.ts';
import type { Interval } from '../../../../src/model/trace/trace.ts';
import { listingWindow } from '../../../../src/pipeline/collect/listingWindow.ts';

const archive = 'ma.example.org/esmond/perfsonar/archive';

function run(window: Interval, ok = true): Run {
  const record = { archive, url: '', ok, testsListed: 1, tracesRead: 1, tracesNew: 1 };
  return {
    startedAt: window.to,
    finishedAt: window.to,
    outcome: 'ok',
    window,
    version: '0',
    archives: [{ ...record, requests: 1, bytes: 1, seconds: 1 }],
    pagesWritten: 0,
    pagesUnchanged: 0,
    problems: [],
  };
}

const ask = (window: Interval, listedUntil: number | null, runs: Run[], of = archive) =>
  listingWindow(window, { archive: of, listedUntil, runs, overlapSeconds: 10 });

const window = { from: 1000, to: 2000 };

describe('the whole window is listed', () => {
  test('on the first run', () => {
    expect(ask(window, null, [])).toEqual(window);
  });
  test('for an archive that earlier runs did not ask', () => {
    expect(ask(window, null, [run({ from: 0, to: 1900 })], 'other/archive')).toEqual(window);
  });
  test('when the period became longer', () => {
    expect(ask(window, 1900, [run({ from: 1400, to: 1900 })])).toEqual(window);
  });
  test('when no run reached the archive', () => {
    expect(ask(window, 1900, [run({ from: 900, to: 1900 }, false)])).toEqual(window);
  });
  test('after a pause longer than the period', () => {
    expect(ask(window, 500, [run({ from: 0, to: 500 })])).toEqual(window);
  });
});

describe('only new tests and the overlap are listed', () => {
  test('on the next run', () => {
    expect(ask(window, 1900, [run({ from: 900, to: 1900 })])).toEqual({ from: 1890, to: 2000 });
  });
  test('from the last list whose tests were all read', () => {
    const runs = [run({ from: 900, to: 1950 }), run({ from: 850, to: 1800 })];
    expect(ask(window, 1800, runs)).toEqual({ from: 1790, to: 2000 });
  });
  test('from the first gap between earlier runs on', () => {
    const runs = [run({ from: 1700, to: 1900 }), run({ from: 500, to: 1500 })];
    expect(ask(window, 1900, runs)).toEqual({ from: 1490, to: 2000 });
  });
  test('a replay of the past that is known asks for its last moments only', () => {
    expect(ask(window, 9000, [run({ from: 0, to: 9000 })])).toEqual({ from: 1990, to: 2000 });
  });
});
