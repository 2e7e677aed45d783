import { describe, expect, test } from 'vitest';
import {
  classifyState,
  doesAnswer,
  type StateInput,
} from '../../../src/analysis/window/testState.ts';
import { blankChange, unknownVerdict } from '../../../src/model/change/blankChange.ts';
import type { Change, ChangeClass } from '../../../src/model/change/change.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
import { sampleTest } from './scenario.ts';

const now = 1_800_000_000;
const hour = 3600;

function trace(startedAt: number, reached = true): Trace {
  const hop = { ttl: 1, addresses: ['192.0.2.1'], mtu: null, error: null };
  return { startedAt, route: { hops: [hop], reached, pathMtu: null }, rttMs: [1], probes: null };
}

/** A change that began 3 days ago, before any window. */
function change(changeClass: ChangeClass, parts: Partial<Change> = {}): Change {
  return { ...blankChange('test', changeClass, 'major', now - 72 * hour), ...parts };
}

function stateOf(parts: Partial<StateInput> = {}) {
  const { newest = trace(now - 300) } = parts;
  return classifyState({
    test: sampleTest(),
    steps: [],
    usualVariant: null,
    openChanges: [],
    acceptedChanges: [],
    calmSince: null,
    newest,
    newestAt: newest?.startedAt ?? null,
    answers: true,
    hasRhythm: true,
    isMixed: false,
    failures: [],
    now,
    ...parts,
  });
}

describe('the state of a test', () => {
  test.each([
    ['unreachable', 'unreached'],
    ['inter_as', 'changed'],
    ['intra_as', 'changed'],
    ['loss', 'degraded'],
    ['rtt_shift', 'degraded'],
    ['mtu_drop', 'degraded'],
    ['policy', 'degraded'],
    ['flap', 'flapping'],
  ] as const)('follows an open change of class %s for as long as it is open: %s', (open, state) => {
    const openChanges = [change(open)];
    expect(stateOf({ openChanges })).toMatchObject({ state, since: now - 72 * hour });
    const later = now + 30 * 24 * hour;
    expect(stateOf({ openChanges, now: later, newest: trace(later) }).state).toBe(state);
    expect(stateOf()).toMatchObject({ state: 'ok', since: null });
  });

  test('is the worst of its open changes, with all reasons of that state', () => {
    const verdict = { ...unknownVerdict, lossBeforePct: 0, lossAfterPct: 50 };
    const openChanges = [
      change('flap'),
      change('mtu_drop', { verdict: { ...unknownVerdict, mtuBefore: 9000, mtuAfter: 1500 } }),
      change('loss', { verdict, severity: 'critical' }),
    ];
    const { state, reason } = stateOf({ openChanges });
    expect(state).toBe('degraded');
    expect(reason).toBe(
      'Loss, effect unknown: loss 0% → 50%; also path MTU dropped, effect unknown: MTU 9000 → 1500 bytes.',
    );
  });

  test('is stale without a new result, whatever changed before, and an outage goes on', () => {
    const newest = trace(now - 6 * 24 * hour);
    expect(stateOf({ newest, openChanges: [change('inter_as')] })).toMatchObject({
      state: 'stale',
      since: newest.startedAt,
    });
    expect(stateOf({ newest, openChanges: [change('unreachable')] }).state).toBe('unreached');
    expect(stateOf({ newest: null }).state).toBe('stale');
  });

  test('is failed while failures come instead of results', () => {
    const newest = trace(now - 2 * hour);
    const failures = [{ at: now - 300, error: 'there is no route to the destination' } as const];
    expect(stateOf({ newest, failures }).state).toBe('failed');
    expect(
      stateOf({ newest, failures: [{ at: now - hour, error: 'no reason given' }] }).state,
    ).toBe('stale');
  });

  test('is filtered only where the destination does not answer and no outage is open', () => {
    const newest = trace(now - 300, false);
    expect(stateOf({ newest, answers: false }).state).toBe('filtered');
    expect(stateOf({ newest, answers: true }).state).toBe('ok');
    const openChanges = [change('unreachable')];
    expect(stateOf({ newest, answers: false, openChanges }).state).toBe('unreached');
  });
});

test('a destination answers when it answers a fifth of the traces, and more than once', () => {
  const traces = (course: string) => [...course].map((each, i) => trace(i, each === '+'));
  expect(doesAnswer(traces('+---+'))).toBe(true);
  expect(doesAnswer(traces('+---'))).toBe(false);
  expect(doesAnswer(traces('+---------+'))).toBe(false);
  expect(doesAnswer(traces('--+'))).toBe(true);
});
