import { expect, test } from 'vitest';
import { isRedrawDue } from '../../../src/report/redrawTurn.ts';

const spacing = 3 * 3600;
const interval = 600;
const start = 1_795_132_800;
const ids = Array.from({ length: 900 }, (_, index) => `test-${index}`);

test('each run draws an even share, and each test once in the spacing', () => {
  const drawnAt = new Map(ids.map((id) => [id, start]));
  const draws = ids.map(() => 0);
  for (let at = start + interval; at <= start + 2 * spacing; at += interval) {
    const due = ids.filter((id) => isRedrawDue(id, drawnAt.get(id) as number, at, spacing));
    expect(due.length).toBeGreaterThan((0.5 * ids.length * interval) / spacing);
    expect(due.length).toBeLessThan((1.7 * ids.length * interval) / spacing);
    for (const id of due) {
      drawnAt.set(id, at);
      draws[ids.indexOf(id)] = (draws[ids.indexOf(id)] ?? 0) + 1;
    }
  }
  expect(new Set(draws)).toEqual(new Set([2]));
});

test('without spacing, and after the clock went back, everything is due', () => {
  expect(isRedrawDue('test', start, start, 0)).toBe(true);
  expect(isRedrawDue('test', start, start - 1, spacing)).toBe(true);
  expect(isRedrawDue('test', start, start, spacing)).toBe(false);
});
