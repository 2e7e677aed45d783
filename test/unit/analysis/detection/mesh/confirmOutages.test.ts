import { describe, expect, test } from 'vitest';
import { type Finding, sortFindings } from '../../../../../src/analysis/detection/finding.ts';
import type { GradedMesh } from '../../../../../src/analysis/detection/mesh/gradedMesh.ts';
import { gradeFindings } from '../../../../../src/analysis/detection/mesh/gradeFindings.ts';
import { createMeshState } from '../../../../../src/analysis/detection/mesh/meshState.ts';
import { defaultDetectionSettings } from '../../../../../src/analysis/detection/settings.ts';
import { createDetectionState } from '../../../../../src/analysis/detection/step.ts';
import { closedClasses, stepThrough } from '../../../../../src/analysis/detection/stepThrough.ts';
import type { Trace } from '../../../../../src/model/trace/trace.ts';

const minute = 60;
const start = 1_000_000;
const border = '198.51.100.9';

interface Course {
  /** Traces before the border router falls silent, without it, and with it again. */
  readonly before?: number;
  readonly silent: number;
  readonly after?: number;
  readonly intervalSeconds?: number;
  /** Of the first trace, seconds. */
  readonly offset?: number;
  /** The router in front of the destination that never answers. */
  readonly last?: string;
  /** A flap of the test has been reported, and ends after so many traces. */
  readonly flapTraces?: number;
}

/** The findings of a test whose destination never answers. */
function detect(testId: string, course: Course) {
  const { before = 40, silent, after = 0, intervalSeconds = 10 * minute, offset = 0 } = course;
  const traces = Array.from({ length: before + silent + after }, (_, nth): Trace => {
    const isSilent = nth >= before && nth < before + silent;
    const ends = isSilent ? [] : [course.last ?? border];
    const addresses = ['192.0.2.1', '198.51.100.1', '198.51.100.5', ...ends];
    const hops = addresses.map((address, index) => ({
      ...{ ttl: index + 1, addresses: [address], mtu: null, error: null },
    }));
    return {
      startedAt: start + offset + nth * intervalSeconds,
      route: { hops, reached: false, pathMtu: null },
      rttMs: addresses.map((_address, index) => 2 + 3 * index),
      probes: null,
    };
  });
  const initial = createDetectionState(testId, '203.0.113.9');
  const { flapTraces = 0 } = course;
  const step = (state: typeof initial, part: readonly Trace[], flapping: boolean) => {
    state.pendingAlert.flapping = flapping;
    return stepThrough(state, part, new Map(), defaultDetectionSettings);
  };
  const during = step(initial, traces.slice(0, flapTraces), true);
  const { state, findings } = step(during.state, traces.slice(flapTraces), false);
  return { state, findings: [...during.findings, ...findings] };
}

/** Grades the findings of several tests together: class, test, and minutes since the first trace. */
function told(courses: Readonly<Record<string, Course>>, intervalSeconds = 10 * minute) {
  const findings = Object.entries(courses).flatMap(([id, course]) => detect(id, course).findings);
  return changesIn(gradeFindings(createMeshState(), sortFindings(findings), mesh(intervalSeconds)));
}

function mesh(intervalSeconds: number): GradedMesh {
  return {
    testOf: (id) => ({ source: id, destination: 'site', intervalSeconds }),
    testsThrough: () => new Set(),
  };
}

function changesIn(findings: readonly Finding[]) {
  return findings.flatMap((finding) =>
    finding.kind === 'change'
      ? `${finding.change.class} ${finding.change.testId} ${(finding.change.detectedAt - start) / minute}`
      : [],
  );
}

const cut: Course = { silent: 40 };

describe('tests of a silent site that lose its border router', () => {
  test('are unreachable when three of them lose it together, at the second trace', () => {
    expect(told({ a: cut, b: cut, c: cut })).toEqual([
      'unreachable a 410',
      'unreachable b 410',
      'unreachable c 410',
    ]);
  });

  test('join the others when they lose it a little later', () => {
    expect(told({ a: cut, b: cut, c: cut, d: { ...cut, offset: 9 * minute } }).at(-1)).toBe(
      'unreachable d 419',
    );
  });

  test('are not when there are two: the router may have been told to be silent', () => {
    expect(told({ a: cut, b: cut })).toEqual([]);
  });

  test('are not when each loses its own router, or at another time', () => {
    const own = (last: string): Course => ({ ...cut, last });
    expect(told({ a: cut, b: own('198.51.100.13'), c: own('198.51.100.17') })).toEqual([]);
    expect(told({ a: cut, b: { ...cut, offset: 3600 }, c: { ...cut, offset: 7200 } })).toEqual([]);
  });

  test('are not after a single missing answer', () => {
    const blip: Course = { silent: 1, after: 40 };
    expect(told({ a: blip, b: blip, c: blip })).toEqual([]);
  });

  test('are not while they flap: the flap has been reported', () => {
    const flapping: Course = { ...cut, flapTraces: 80 };
    expect(told({ a: flapping, b: flapping, c: flapping })).toEqual([]);
  });

  test('are once the flap has ended, if they are still silent', () => {
    const outlasting: Course = { ...cut, flapTraces: 60 };
    expect(told({ a: outlasting, b: outlasting, c: outlasting })).toEqual([
      'unreachable a 600',
      'unreachable b 600',
      'unreachable c 600',
    ]);
    const over: Course = { silent: 10, after: 40, flapTraces: 60 };
    expect(told({ a: over, b: over, c: over })).toEqual([]);
  });

  test('are known after one trace when they run every six hours', () => {
    const slow: Course = { silent: 20, intervalSeconds: 6 * 3600 };
    expect(told({ a: slow, b: slow, c: slow }, 6 * 3600)).toHaveLength(3);
    expect(told({ a: slow, b: slow, c: slow }, 6 * 3600)[0]).toBe(`unreachable a ${40 * 360}`);
  });

  test('recover when the router answers again, also after days', () => {
    const repaired: Course = { silent: 600, after: 5 };
    const events = told({ a: repaired, b: repaired, c: repaired });
    expect(events).toHaveLength(6);
    expect(events.slice(3)).toEqual(['recovered a 6400', 'recovered b 6400', 'recovered c 6400']);
  });

  test('have an outage that a replay does not withdraw', () => {
    expect(closedClasses(detect('a', cut).state)).not.toContain('unreachable');
    expect(closedClasses(detect('a', { silent: 0 }).state)).toContain('unreachable');
  });
});

test('a test that finds the outage itself reports it once, and its end', () => {
  const { findings } = detect('a', cut);
  const [unconfirmed] = findings;
  if (unconfirmed?.kind !== 'unconfirmed') throw new Error('no unconfirmed outage');
  const { change } = unconfirmed;
  const others = ['b', 'c'].map(
    (testId): Finding => ({ kind: 'unconfirmed', change: { ...change, testId } }),
  );
  const own: Finding = { kind: 'change', change: { ...change, id: 'own' }, elements: [] };
  const dismissed: Finding = { kind: 'dismissed', testId: 'a', at: start };
  const state = createMeshState();
  const events = gradeFindings(state, [unconfirmed, ...others, own, dismissed], mesh(600));
  expect(changesIn(events).map((event) => event.slice(0, 13))).toEqual([
    'unreachable a',
    'unreachable b',
    'unreachable c',
  ]);
  expect(changesIn(gradeFindings(createMeshState(), [unconfirmed, own], mesh(600)))).toHaveLength(
    1,
  );
});
