import { describe, expect, test } from 'vitest';
import { detectNewLoss, detectSlowdown } from '../../../src/analysis/window/degradation.ts';
import type { TraceStep } from '../../../src/analysis/window/traceSteps.ts';
import { median } from '../../../src/model/statistics.ts';
import { stepsFrom } from './dailyTimelineSamples.ts';

const times = (...rtts: (number | null)[]) =>
  stepsFrom(rtts.map((rttMs) => ({ rttMs, reached: rttMs !== null })));
const slow = (steps: readonly TraceStep[], rttsMs: readonly number[]) =>
  detectSlowdown(steps, rttsMs, median(rttsMs));
const usual = Array.from({ length: 20 }, (_, i) => 100 + (i % 3));

describe('RTT above usual', () => {
  test('three answers in a row, however many misses between them', () => {
    expect(slow(times(101, 120, null, 121, 125), usual)).toEqual({
      since: 600,
      nowMs: 121,
      usualMs: 101,
      traces: 3,
    });
    expect(slow(times(120, 101, 121, 125), usual)).toBeNull();
  });

  test('a rise must be more than 5 ms', () => {
    const near = usual.map((rtt) => rtt - 99);
    expect(slow(times(6.9, 6.9, 6.9), near)).toBeNull();
    expect(slow(times(7.1, 7.1, 7.1), near)).not.toBeNull();
  });

  test('a rise must be more than 10 %', () => {
    expect(slow(times(111, 111, 111), usual)).toBeNull();
    expect(slow(times(112, 112, 112), usual)).not.toBeNull();
  });

  test('a rise must stand out from how the RTT usually varies', () => {
    const varied = Array.from({ length: 20 }, (_, i) => 80 + 2 * i);
    expect(slow(times(140, 140, 140), varied)).toBeNull();
    expect(slow(times(150, 150, 150), varied)).not.toBeNull();
  });

  test('fewer than twelve usual answers tell nothing', () => {
    expect(slow(times(150, 150, 150), usual.slice(0, 11))).toBeNull();
    expect(slow(times(150, 150, 150), usual.slice(0, 12))).not.toBeNull();
  });
});

describe('loss above usual', () => {
  /** `+` reached, `-` missed. */
  const course = (text: string) =>
    stepsFrom([...text].map((mark) => ({ reached: mark === '+', rttMs: mark === '+' ? 9 : null })));
  const clean = '+'.repeat(40);

  test('misses that are new, with their start and numbers', () => {
    expect(detectNewLoss(course(`${clean}+-++-++-++-++-++++`))).toEqual({
      since: 41 * 600,
      missed: 5,
      of: 18,
      usualShare: 0,
      lostShare: 1,
    });
  });

  test('three misses in 18 traces may be chance', () => {
    expect(detectNewLoss(course(`${clean}+-++-++-++++++++++`))).toBeNull();
  });

  test('a destination that misses one in five anyway needs more than that', () => {
    const lossy = '++++-'.repeat(12);
    expect(detectNewLoss(course(`${lossy}+-++-++-++-++-++++`))).toBeNull();
    expect(detectNewLoss(course(`${lossy}+--+--+--+--+--+--`))).toMatchObject({ missed: 12 });
  });

  test('a destination that misses more than one in five is not judged by its loss', () => {
    const lossy = '++-'.repeat(20);
    expect(detectNewLoss(course(`${lossy}+-----+----+------`))).toBeNull();
  });

  test('there must be as many traces before as are judged', () => {
    expect(detectNewLoss(course(`${'+'.repeat(17)}+-++-++-++-++-++++`))).toBeNull();
    expect(detectNewLoss(course(`${'+'.repeat(18)}+-++-++-++-++-++++`))).not.toBeNull();
  });
});
