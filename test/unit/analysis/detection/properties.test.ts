import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addChange } from '../../../../src/analysis/detection/incidents/incidents.ts';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import type { ChangeEvent } from '../../../../src/model/change/change.ts';
import { resolveMergedId } from '../../../../src/model/incident/incident.ts';
import type { Responder, Trace } from '../../../../src/model/trace/trace.ts';
import { createIncidents } from '../../../helpers/createIncidents.ts';
import { destination, generator, play, readScenario, restarted, traceOf } from './scenario.ts';

const path = fc.constantFrom(
  'a b.fra c.lon e D',
  'a x.par y.mad e D +14ms',
  'a {b1|b2} c e D',
  'a b c * *',
  'a b?60 c?60 e D?80',
  'a b.fra c.lon z e D',
);
const phases = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), path), {
  minLength: 2,
  maxLength: 6,
});

/** Traces of random events, and the responders as known at the end. */
function course(parts: readonly (readonly [number, string])[], seed: number): Trace[] {
  const text = ['usual 30 a b.fra c.lon e D', ...parts.map(([n, hops], i) => `p${i} ${n} ${hops}`)];
  const random = generator(seed);
  const responders = new Map<string, Responder>();
  let at = 1_700_000_000;
  return readScenario(text.join('\n')).phases.flatMap((phase) =>
    Array.from({ length: phase.traces }, () => {
      at += 600;
      return traceOf(phase, at, random, responders);
    }),
  );
}

function run(traces: readonly Trace[], restartAt: number | null = null): ChangeEvent[] {
  let state = createDetectionState('test', destination);
  return traces.flatMap((trace, index) => {
    if (index === restartAt) state = restarted(state);
    const stepped = stepDetection(state, trace, new Map());
    state = stepped.state;
    return stepped.events;
  });
}

test('a restart at any trace changes nothing', () => {
  fc.assert(
    fc.property(
      phases,
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (parts, seed, where) => {
        const traces = course(parts, seed);
        const restartAt = Math.floor(where * (traces.length - 1));
        expect(run(traces, restartAt)).toEqual(run(traces));
      },
    ),
    { numRuns: 60 },
  );
});

test('a trace that arrives twice, or late, changes nothing', () => {
  fc.assert(
    fc.property(phases, fc.nat(), fc.nat(), (parts, seed, which) => {
      const traces = course(parts, seed);
      const index = which % (traces.length - 1);
      const again = traces.toSpliced(index + 2, 0, traces[index] as Trace);
      expect(run(again)).toEqual(run(traces));
    }),
    { numRuns: 60 },
  );
});

test('hops that fall silent are never a change of route', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 30, max: 95 }), fc.nat(3), (seed, share, first) => {
      const names = ['a', 'b.fra', 'c.lon', 'e'];
      const silent = names.map((name, index) => (index >= first ? `${name}?${share}` : name));
      const text = `usual 60 ${names.join(' ')} D\nquiet 120 ${silent.join(' ')} D`;
      expect(play(readScenario(text), seed)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('the order in which the tests of one moment arrive changes no incident', () => {
  const reroute = readScenario('usual 60 a b.fra c.lon e D\nnew 4 a x.par y.mad e D +9ms');
  const change = play(reroute)[0]?.change;
  if (change === undefined) throw new Error('the reroute was not seen');
  fc.assert(
    fc.property(fc.shuffledSubarray([...'abcdefgh'], { minLength: 8 }), (order) => {
      expect(groups(order.map((id) => ({ ...change, id, testId: id })))).toEqual([[...'abcdefgh']]);
    }),
    { numRuns: 20 },
  );
});

function groups(changes: readonly { testId: string }[]): string[][] {
  const state = createIncidents();
  const ids = changes.map(
    (change) =>
      addChange(state, change as never, { source: `source ${change.testId}`, destination: 'x' }).id,
  );
  const found = Map.groupBy(changes, (_, index) =>
    resolveMergedId(state.merged, ids[index] as string),
  );
  return [...found.values()].map((group) => group.map(({ testId }) => testId).sort());
}
