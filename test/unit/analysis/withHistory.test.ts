import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyzeTest } from '../../../src/analysis/window/analyzeTest.ts';
import { finalizePeriods } from '../../../src/analysis/window/finalizedPeriods.ts';
import { withHistory } from '../../../src/analysis/window/withHistory.ts';
import type {
  RoutePeriod,
  StoredRoutePeriod,
  TestAnalysis,
} from '../../../src/model/site/analysis.ts';
import { clockOf, momentOf, readScenario, type Scenario } from './scenario.ts';

const daySeconds = 86_400;

/** The periods stored for the days of a scenario before `until` (`HH:MM`, hours may exceed 24). */
function keptUntil({ input }: Scenario, until: string): StoredRoutePeriod[] {
  const kept: StoredRoutePeriod[] = [];
  for (let day = momentOf('00:00'); day < momentOf(until); day += daySeconds) {
    const span = { from: day, to: Math.min(day + daySeconds, momentOf(until)) - 0.001 };
    const traces = input.traces.filter(
      ({ startedAt }) => startedAt >= day - daySeconds && startedAt <= span.to,
    );
    kept.push(...finalizePeriods({ ...input, traces }, span));
  }
  return kept;
}

/** The analysis from `from` on, with the history before it. */
function seenFrom(scenario: Scenario, from: string): TestAnalysis {
  const { input } = scenario;
  const window = { from: momentOf(from), to: input.now };
  const traces = input.traces.filter(({ startedAt }) => startedAt >= window.from);
  const analysis = analyzeTest({ ...input, traces, window });
  return withHistory(analysis, keptUntil(scenario, from), input.responders);
}

const periodText = ({ from, to, traces, reached }: StoredRoutePeriod | RoutePeriod): string =>
  `${clockOf(from)}-${clockOf(to)} x${traces}${reached ? '' : ' unreached'}`;
const lettered = (period: RoutePeriod): string => `${period.variant} ${periodText(period)}`;

const rerouted = readScenario(`
20:00 x36 a b c d
26:00 x60 a e f d
36:00 x90 a b c d
as: a=64500 b=64501 c=64501 e=64502 f=64502 d=64503
`);

describe('stored periods', () => {
  test('are cut at midnight, and the part after it is marked as a continuation', () => {
    const kept = keptUntil(rerouted, '48:00');
    expect(
      kept.map((period) => `${periodText(period)}${period.continues ? ' goes on' : ''}`),
    ).toEqual(['20:00-23:50 x24', '24:00-25:50 x12 goes on', '26:00-35:50 x60', '36:00-47:50 x72']);
    expect(kept[2]?.route.map(({ asn }) => asn)).toEqual([64_500, 64_502, 64_502, 64_503]);
  });

  test('of an outage over midnight are unreached on both days', () => {
    const scenario = readScenario('20:00 x20 a b d\n23:20 x10 a b\n25:00 x20 a b d');
    expect(keptUntil(scenario, '48:00').map(periodText)).toEqual([
      '20:00-23:10 x20',
      '23:20-23:50 x4 unreached',
      '24:00-24:50 x6 unreached',
      '25:00-28:10 x20',
    ]);
  });

  test('of a day with one trace of a balanced route are no change, because of the day before', () => {
    const turns = Array.from({ length: 24 }, (_, hour) => [
      `${hour}:00 a b d`,
      `${hour}:20 a c d`,
      `${hour}:30 a b d`,
      `${hour}:50 a c d`,
    ]).flat();
    const scenario = readScenario([...turns, '24:00 a b d', 'as: b=64500 c=64500'].join('\n'));
    const kept = keptUntil(scenario, '48:00');
    expect(kept.map(periodText)).toEqual(['00:00-23:50 x96', '24:00-24:00 x1']);
    expect(kept[1]?.continues).toBe(true);
    expect(kept[1]?.route[1]?.addresses).toHaveLength(2);
  });

  test('hold every trace of the days once, in order', () => {
    const path = fc.constantFrom('a b d', 'a c d', 'a * d', 'a b', 'a', '*');
    const course = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), path), { maxLength: 12 });
    fc.assert(
      fc.property(course, (stretches) => {
        let minute = 20 * 60;
        const lines = stretches.map(([count, hops]) => {
          const line = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')} x${count} ${hops}`;
          minute += 10 * count;
          return line;
        });
        const scenario = readScenario(lines.join('\n'));
        const kept = keptUntil(scenario, '120:00');
        const { traces } = scenario.input;
        for (const [index, { from, to, traces: count }] of kept.entries()) {
          expect(from).toBeGreaterThan(kept[index - 1]?.to ?? 0);
          expect(traces.filter(({ startedAt: at }) => at >= from && at <= to)).toHaveLength(count);
        }
        const total = kept.reduce((sum, period) => sum + period.traces, 0);
        expect(total).toBe(traces.length);
      }),
    );
  });
});

describe('a window with its history', () => {
  test('continues where the history ends: one period over midnight and the seam', () => {
    expect(seenFrom(rerouted, '40:00').periods.map(lettered)).toEqual([
      'A 20:00-25:50 x36',
      'B 26:00-35:50 x60',
      'A 36:00-50:50 x90',
    ]);
  });

  test.each(['20:00', '24:00', '30:00', '36:00', '50:00'])(
    'looks the same from %s on as from the beginning, but for the letters',
    (from) => {
      expect(seenFrom(rerouted, from).periods.map(periodText)).toEqual(
        seenFrom(rerouted, '20:00').periods.map(periodText),
      );
    },
  );

  test('is one route where the window shows that two stored ones share the load', () => {
    const scenario = readScenario(`
20:00 x20 a b x d
23:20 x2 a b y d
23:40 x1 a x y d
23:50 x1 a b y d
24:00 x2 a x y d
24:20 x1 a b y d
24:30 x1 a x y d
24:40 x2 a b y d
25:00 x1 a x y d
25:10 x1 a b y d
25:20 x1 a x y d
25:30 x1 a b y d
as: a=64500 b=64501 x=64501 y=64501 d=64503
`);
    expect(keptUntil(scenario, '24:00').map(periodText)).toHaveLength(4);
    expect(seenFrom(scenario, '24:00').periods.map(periodText)).toEqual([
      '20:00-23:10 x20',
      '23:20-25:30 x14',
    ]);
  });

  test('names a route that only the history knows by the next letter, without a share', () => {
    const { variants } = seenFrom(rerouted, '40:00');
    expect(variants).toHaveLength(2);
    expect(variants[0]).toMatchObject({ letter: 'A', share: 1, traces: 66 });
    expect(variants[1]).toMatchObject({
      letter: 'B',
      share: 0,
      traces: 60,
      asPath: [64_500, 64_502, 64_503],
      firstSeen: momentOf('26:00'),
      lastSeen: momentOf('35:50'),
      medianRttMs: null,
    });
  });

  test('recognizes a route through a silent hop and through an outage', () => {
    const scenario = readScenario(
      '20:00 x20 a b c d\n23:20 x20 a * c d\n26:40 x20 a b\n30:00 x10 a b c d\n31:40 x30 a e d',
    );
    expect(seenFrom(scenario, '30:50').periods.map(lettered)).toEqual([
      'A 20:00-26:30 x40',
      'A 26:40-29:50 x20 unreached',
      'A 30:00-31:30 x10',
      'B 31:40-36:30 x30',
    ]);
  });

  test('covers the addresses of the history too, and the window alone otherwise', () => {
    const { input, nameOf } = rerouted;
    const seen = seenFrom(rerouted, '40:00');
    const names = [...seen.responders.keys()].map(nameOf).sort();
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect([...seen.responders.values()].find(({ address }) => nameOf(address) === 'e')?.asn).toBe(
      64_502,
    );
    const window = { from: momentOf('40:00'), to: input.now };
    const traces = input.traces.filter(({ startedAt }) => startedAt >= window.from);
    const { periods, variants, responders, ...rest } = analyzeTest({ ...input, traces, window });
    expect(seen).toMatchObject(rest);
  });

  test('without a history is the window', () => {
    const analysis = analyzeTest(rerouted.input);
    expect(withHistory(analysis, [], rerouted.input.responders)).toEqual(analysis);
  });

  test('without a trace in it is the history', () => {
    const [only, ...none] = seenFrom(readScenario('20:00 x20 a b d'), '26:00').periods;
    expect(none).toEqual([]);
    expect(only && lettered(only)).toBe('A 20:00-23:10 x20');
  });
});
