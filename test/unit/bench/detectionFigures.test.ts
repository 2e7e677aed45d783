import { expect, test } from 'vitest';
import { figuresOf, type ScoredMesh } from '../../../bench/detectionFigures.ts';

function mesh(tp: number, fp: number, fn: number): ScoredMesh {
  const score = { tp, fp, fn, medianDelay: 2 };
  return {
    routing: score,
    performance: { tp: 0, fp: 0, fn: 0, medianDelay: null },
    quiet: { alerts: fp, pairDays: 70 },
    incidents: {
      matchedAlerts: tp,
      trueIncidents: 10,
      bcubedPrecision: 1,
      bcubedRecall: 0.5,
      notifications: 13,
    },
    verdict: { n: tp, accuracy: tp / 100 },
    resolution: { n: 0, recall: 0 },
    cost: { jsonUs: 200, detectionUs: 150 },
    stateBytes: 5500,
  };
}

function figure(meshes: readonly ScoredMesh[], name: string) {
  const found = figuresOf(meshes).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}

test('figures pool the counts of all meshes', () => {
  const meshes = [mesh(90, 0, 10), mesh(10, 10, 0)];
  expect(figure(meshes, 'routes: precision').value).toBeCloseTo(100 / 110);
  expect(figure(meshes, 'routes: recall').value).toBeCloseTo(100 / 110);
  expect(figure(meshes, 'routes: F1 of the worst mesh').value).toBeCloseTo(2 / 3);
  expect(figure(meshes, 'incidents: B-cubed F1').value).toBeCloseTo(2 / 3);
  expect(figure(meshes, 'incidents: groups per incident').value).toBeCloseTo(1.3);
  expect(figure(meshes, 'false alerts per quiet pair and day').value).toBeCloseTo(10 / 140);
  expect(figure(meshes, 'verdict right').value).toBeCloseTo((90 * 0.9 + 10 * 0.1) / 100);
  expect(figure(meshes, 'CPU of the detection / JSON.parse').value).toBeCloseTo(0.75);
  expect(figure(meshes, 'state per test, kB').value).toBeCloseTo(5.5);
});

test('what no mesh can tell has no figure', () => {
  const none = { value: null, low: null, high: null };
  expect(figure([mesh(5, 0, 0)], 'RTT, loss, MTU: recall')).toMatchObject(none);
  expect(figure([mesh(5, 0, 0)], 'end found')).toMatchObject(none);
});

test('the interval reflects how much the meshes differ, and is the same each time', () => {
  const alike = figure([mesh(9, 0, 1), mesh(9, 0, 1), mesh(9, 0, 1)], 'routes: recall');
  expect(alike).toMatchObject({ value: 0.9, low: 0.9, high: 0.9 });
  const different = [mesh(10, 0, 0), mesh(9, 0, 1), mesh(5, 0, 5), mesh(8, 0, 2)];
  const { low, high, value } = figure(different, 'routes: recall');
  expect(low).toBeLessThan(0.7);
  expect(high).toBeGreaterThan(0.9);
  expect(value).toBeCloseTo(0.8);
  expect(figuresOf(different)).toEqual(figuresOf(different));
});
