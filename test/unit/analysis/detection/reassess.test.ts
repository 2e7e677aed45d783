import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/analysis/detection/finding.ts';
import { type ReassessmentInput, reassess } from '../../../../src/analysis/detection/reassess.ts';
import { blankChange, unknownVerdict } from '../../../../src/model/change/blankChange.ts';
import type { Change, ChangeClass } from '../../../../src/model/change/change.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';

const minute = 60;
const [router, destination] = ['198.51.100.1', '203.0.113.9'];

/** A trace every ten minutes: 10 ms up to `changedAt`, 30 ms from then on; the router before the destination answers at once. */
function traces(count: number, changedAt: number, reached = true): Trace[] {
  return Array.from({ length: count }, (_, index) => {
    const startedAt = index * 10 * minute;
    const ms = startedAt < changedAt ? 10 : 30;
    const hops = [router, ...(reached ? [destination] : [])].map((address, at) => ({
      ...{ ttl: at + 1, addresses: [address], mtu: null, error: null },
    }));
    const rttMs = reached ? [ms - 1, ms] : [ms - 1];
    return { startedAt, route: { hops, reached, pathMtu: null }, rttMs, probes: null };
  });
}

const changedAt = 200 * minute;

/**
 * A change detected at the second trace of the new route, with two samples that look like the old
 * one.
 */
function change(parts: Partial<Change> = {}): Change {
  const blank = blankChange('a-b', parts.class ?? 'inter_as', 'moderate', changedAt + 10 * minute);
  const verdict = {
    ...unknownVerdict,
    effect: 'same' as const,
    samplesBefore: 12,
    samplesAfter: 2,
  };
  const onset = { after: changedAt - 10 * minute, by: changedAt };
  return { ...blank, verdict, onset, ...parts };
}

/** The verdicts due in the traces after `from` and up to `to`, minutes after the change. */
function due(from: number, to: number, parts: Partial<ReassessmentInput> = {}, reached = true) {
  const all = traces(60, changedAt, reached);
  const found = reassess({
    changes: [change()],
    findings: [],
    from: changedAt + from * minute,
    to: changedAt + to * minute,
    intervalSeconds: 600,
    loadTraces: (start, end) =>
      all.filter((trace) => trace.startedAt >= start && trace.startedAt <= end),
    ...parts,
  });
  return found.map((finding) =>
    finding.kind === 'reassessed'
      ? [(finding.at - changedAt) / minute, finding.verdict.samplesAfter, finding.verdict.effect]
      : finding,
  );
}

describe('the verdict on a change of route', () => {
  test.each([
    ['is reassessed at the fourth sample', 10, 30, [[30, 4, 'worse']]],
    ['at the sixth', 30, 50, [[50, 6, 'worse']]],
    ['and at the twelfth', 50, 110, [[110, 12, 'worse']]],
    ['at once with all samples of a long run', 10, 300, [[110, 12, 'worse']]],
    ['not in between', 50, 100, []],
    ['nor after the twelfth', 110, 300, []],
  ])('%s', (_, from, to, expected) => {
    expect(due(from, to)).toEqual(expected);
  });

  test('uses only the samples up to the end of the route', () => {
    const at = changedAt + 60 * minute;
    const back = { ...blankChange('a-b', 'recovered', 'info', at), closes: ['inter_as' as const] };
    const recovered: Finding = { kind: 'change', change: back, elements: [] };
    const accepted: Finding = { kind: 'accepted', testId: 'a-b', at, classes: ['inter_as'] };
    for (const finding of [recovered, accepted])
      expect(due(10, 300, { findings: [finding] })).toEqual([[50, 6, 'worse']]);
    const next = { ...change({ class: 'flap' }), id: 'next', detectedAt: at };
    expect(due(10, 300, { changes: [change(), next] })).toEqual([[50, 6, 'worse']]);
  });

  test.each(['flap', 'loss', 'mtu_drop', 'unreachable'] satisfies ChangeClass[])(
    'a change of class %s keeps its first verdict',
    (changeClass) => {
      expect(due(10, 300, { changes: [change({ class: changeClass })] })).toEqual([]);
    },
  );

  test('continues to measure to the router it began with', () => {
    const changes = [change({ verdict: { ...change().verdict, measuredTo: router } })];
    expect(due(10, 300, { changes }, false)).toEqual([[110, 12, 'worse']]);
    expect(due(10, 300, {}, false)).toEqual([]);
  });
});
