import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DetectionState } from '../../../../src/analysis/detection/detectionState.ts';
import { mergeDevices } from '../../../../src/analysis/detection/identity/devices.ts';
import type { Baseline } from '../../../../src/analysis/detection/route/baseline.ts';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import { restoreState } from '../../../../src/analysis/detection/storedState.ts';
import type { Responder } from '../../../../src/model/trace/trace.ts';
import { destination, generator, readScenario, restarted, traceOf } from './scenario.ts';

/** The state after a scenario. */
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

/** Names, a silent hop, an open change, a deviating route. */
const eventful = stateOf(`
  usual  30  a b.fra=1 {c.lon|d.lon} * e D
  moved  30  a x.par y.mad * e D +14ms
  short   3  a x.par * * *
  other   1  a b.fra=1 z c.lon e D
`);

test('the next run continues with the same state', () => {
  expect(eventful.route.baselines.length).toBeGreaterThan(1);
  expect(restarted(eventful)).toEqual(eventful);
});

test('a renamed router is still known by its former name', () => {
  const { devices } = stateOf('usual 3 a b.fra c.lon e D');
  mergeDevices(devices, 2, 3);
  const state = { ...eventful, devices };
  expect(restarted(state)).toEqual(state);
});

/** States that a version wrote: the same five for every version, each with other parts filled. */
function statesOf(version: number): Record<string, unknown> {
  const fixtures = new URL('../../../fixtures/detection/', import.meta.url);
  return JSON.parse(readFileSync(new URL(`state-version-${version}.json`, fixtures), 'utf8'));
}

function restoredFrom(version: number, name: string): DetectionState {
  return restoreState(structuredClone(statesOf(version)[name])) as DetectionState;
}

describe.each([2, 3])('a state of version %i', (version) => {
  test.each(Object.keys(statesOf(version)))('is restored as one of version 4: %s', (name) => {
    expect(restoredFrom(version, name)).toEqual(restoredFrom(4, name));
  });
});

interface StateVersion4 {
  readonly newestAt: number;
  readonly route: {
    readonly open: boolean;
    readonly flapping: boolean;
    readonly usualBaselineId: number;
    readonly switchedAt: number | null;
    readonly baselines: readonly {
      readonly id: number;
      readonly explainedTraces: number;
      readonly seen: unknown;
    }[];
  };
  readonly reach: { readonly unreachable: boolean; readonly firstMissAt: number | null };
}

describe('a state of version 4', () => {
  test.each(Object.keys(statesOf(4)))('keeps what is open and what is usual: %s', (name) => {
    const before = statesOf(4)[name] as StateVersion4;
    const { newestAt, route, reach } = restoredFrom(4, name);
    expect({
      newestAt,
      open: route.open,
      flapping: route.flap !== null,
      usual: route.usualBaselineId,
      switchedAt: route.switchedAt,
      baselines: route.baselines.map(({ id, explainedTraces, seen }) => [
        id,
        explainedTraces,
        seen,
      ]),
      outage: [reach.unreachable, reach.firstMissAt],
    }).toEqual({
      newestAt: before.newestAt,
      open: before.route.open,
      flapping: before.route.flapping,
      usual: before.route.usualBaselineId,
      switchedAt: before.route.switchedAt,
      baselines: before.route.baselines.map(({ id, explainedTraces, seen }) => [
        id,
        explainedTraces,
        seen,
      ]),
      outage: [before.reach.unreachable, before.reach.firstMissAt],
    });
  });

  test.each(Object.keys(statesOf(4)))('is written as version 5 without loss: %s', (name) => {
    const restored = restoredFrom(4, name);
    expect(restarted(restored)).toEqual(restored);
  });
});

test('an unknown version and a missing state restore nothing', () => {
  for (const stored of [{ version: 1 }, { version: 6 }, {}, null, undefined])
    expect(restoreState(stored)).toBeNull();
});

test.each(Object.keys(statesOf(4)))('a state of version 4 keeps the usual times: %s', (name) => {
  const { route, performance } = restoredFrom(4, name);
  const { reachedRttsMs } = route.baselines[0] as Baseline;
  const times = performance.rtt.cells.map(({ ms }) => ms);
  expect(times.slice(-reachedRttsMs.length)).toEqual(reachedRttsMs);
});

test('a state of version 4 keeps open loss and an open rise, which is not reported again', () => {
  const [name = ''] = Object.keys(statesOf(4));
  const stored = structuredClone(statesOf(4)[name]) as { performance: Record<string, unknown> };
  const { cells } = restoredFrom(4, name).performance.rtt;
  const at = cells.at(-3)?.at as number;
  stored.performance.rtt = { at, beforeMs: 20, afterMs: 60 };
  stored.performance.loss = { ...(stored.performance.loss as object), open: { at } };
  const { rtt, loss } = (restoreState(stored) as DetectionState).performance;
  expect(rtt.open).toEqual({ at, beforeMs: 20, afterMs: 60, reported: true, worse: true });
  expect(rtt.cells).toEqual(cells.slice(-3));
  expect(loss.open).toMatchObject({ at });
});
