import { expect, test } from 'vitest';
import { tempDir } from '../helpers/tempDir.ts';
import { type Comparable, differences } from './inspect.ts';
import { playSoak } from './playSoak.ts';

test('two days with faults at random end as two days without', async () => {
  const { findings, faults, runs } = await playSoak({
    days: 2,
    cycleDays: 2,
    seed: 8,
    folder: tempDir(),
    startsProcesses: false,
  });
  expect(findings).toEqual([]);
  expect(runs).toBeGreaterThan(32);
  expect(Object.keys(faults).length).toBeGreaterThan(1);
});

test('a lost trace, a change at another time and a missing mail are findings', () => {
  const change = { what: 'test inter_as open', detectedAt: 1000 };
  const calm: Comparable = {
    traces: ['a', 'b'],
    history: ['p'],
    changes: [change],
    notified: [change],
  };
  expect(differences(calm, calm)).toEqual([]);
  const later = { ...change, detectedAt: 1000 + 3600 };
  expect(differences(calm, { ...calm, changes: [later] })).toEqual([]);
  const elsewhen = { ...change, detectedAt: 1000 + 15 * 3600 };
  const disturbed = { traces: ['a'], history: ['p'], changes: [elsewhen], notified: [] };
  expect(differences(calm, disturbed)).toEqual([
    'traces: 1 lost, 0 extra: lost b',
    `changes: 1 lost, 1 extra: lost ${change.what} 1000; extra ${change.what} ${elsewhen.detectedAt}`,
    `notified: 1 lost, 0 extra: lost ${change.what} 1000`,
  ]);
});
