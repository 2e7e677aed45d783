import { expect, test } from 'vitest';
import type { DetectionState } from '../../../../src/analysis/detection/detectionState.ts';
import { mergeDevices } from '../../../../src/analysis/detection/identity/devices.ts';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import { restoreState } from '../../../../src/analysis/detection/storedState.ts';
import type { Responder } from '../../../../src/model/trace.ts';
import { destination, generator, readScenario, restarted, traceOf } from './scenario.ts';

/** A state with a bit of everything: names, a silent hop, an open change, a route that deviates. */
function stateOf(text: string): DetectionState {
  const random = generator(1);
  const responders = new Map<string, Responder>();
  let state = createDetectionState('test', destination);
  let atMs = 1_700_000_000_123;
  for (const phase of readScenario(text).phases) {
    for (let left = phase.traces; left > 0; left--) {
      atMs += 1000 * phase.stepSeconds + 1;
      state = stepDetection(
        state,
        traceOf(phase, atMs / 1000, random, responders),
        responders,
      ).state;
    }
  }
  return state;
}

const eventful = stateOf(`
  usual  30  a b.fra=1 {c.lon|d.lon} * e D
  moved  30  a x.par y.mad * e D +14ms
  short   3  a x.par * * *
  other   1  a b.fra=1 z c.lon e D
`);

test('the next run goes on with the same state, whatever there is in it', () => {
  expect(eventful.route.baselines.length).toBeGreaterThan(1);
  expect(restarted(eventful)).toEqual(eventful);
});

test('a router that goes by another name now is still known by the old one', () => {
  const { devices } = stateOf('usual 3 a b.fra c.lon e D');
  mergeDevices(devices, 2, 3);
  const state = { ...eventful, devices };
  expect(restarted(state)).toEqual(state);
});

test('a state that an earlier version kept is gone on with', () => {
  const { devices, ...rest } = eventful;
  const named = (map: Map<string, number>, mark: string) =>
    Object.fromEntries([...map].map(([key, id]) => [`${mark}${key}`, id]));
  const kept = {
    version: 2,
    ...rest,
    nodes: {
      list: devices.list,
      byAddress: named(devices.byAddress, ''),
      byRouter: named(devices.byRouter, '@'),
    },
  };
  expect(restoreState(JSON.parse(JSON.stringify(kept)))).toEqual(eventful);
});

test('a state of a version that nobody knows is none', () => {
  expect(restoreState({ version: 4 })).toBeNull();
  expect(restoreState(null)).toBeNull();
  expect(restoreState(undefined)).toBeNull();
});
