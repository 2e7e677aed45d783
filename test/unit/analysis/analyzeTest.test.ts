import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyzeTest } from '../../../src/analysis/window/analyzeTest.ts';
import { letterOf } from '../../../src/analysis/window/variants.ts';
import type { TestAnalysis } from '../../../src/model/site/analysis.ts';
import { readScenario } from './scenario.ts';

const anyHop = fc.constantFrom('a', 'b', 'c', 'e', '*', '{a,b}');
const anyPath = fc
  .tuple(fc.array(anyHop, { maxLength: 5 }), fc.constantFrom('d', 'd', 'd', '* d', '*', 'd d'))
  .map(([hops, last]) => [...hops, last].join(' '));
const anyCourse = fc.array(anyPath, { minLength: 1, maxLength: 40 });

function analyze(paths: readonly string[]): TestAnalysis {
  const lines = paths.map((path, i) => `${10 + Math.floor(i / 6)}:${(i % 6) * 10 || '00'} ${path}`);
  return analyzeTest(readScenario(lines.join('\n')).input);
}

describe('analysis of a test', () => {
  test('every trace is in one period, one variant and one point, and they agree', () => {
    fc.assert(
      fc.property(anyCourse, (paths) => {
        const { traces, series, periods, variants } = analyze(paths);
        expect(traces).toBe(paths.length);
        expect(series.length).toBe(traces);
        const sum = (list: readonly { traces: number }[]): number =>
          list.reduce((total, own) => total + own.traces, 0);
        expect(sum(periods)).toBe(traces);
        expect(sum(variants)).toBe(traces);
        for (const { from, to, variant } of periods) {
          const inside = series.filter(({ at }) => at >= from && at <= to);
          expect(new Set(inside.map((point) => point.variant))).toEqual(new Set([variant]));
        }
        for (const { letter, share, firstSeen, lastSeen } of variants) {
          const own = series.filter((point) => point.variant === letter);
          expect(own.length / traces).toBe(share);
          expect([own[0]?.at, own.at(-1)?.at]).toEqual([firstSeen, lastSeen]);
        }
      }),
    );
  });

  test('letters come in the order of first appearance', () => {
    fc.assert(
      fc.property(anyCourse, (paths) => {
        const seen = [...new Set(analyze(paths).series.map(({ variant }) => variant))];
        expect(seen).toEqual(seen.map((_, i) => letterOf(i)));
      }),
    );
    expect([0, 25, 26, 51, 52, 701, 702].map(letterOf)).toEqual([
      'A',
      'Z',
      'AA',
      'AZ',
      'BA',
      'ZZ',
      'AAA',
    ]);
  });

  test('an unreached trace shows a router before the destination as well as any', () => {
    const { variants, series } = analyze(['a * d', 'a c *']);
    expect(variants.map(({ route }) => route.length)).toEqual([3]);
    expect(series.map(({ hops }) => hops)).toEqual([3, 2]);
  });

  test('the pattern of a variant holds every address of its traces, and only those', () => {
    fc.assert(
      fc.property(anyCourse, (paths) => {
        const { variants } = analyze(paths);
        const { input } = readScenario(
          paths.map((path, i) => `10:${String(i).padStart(2, '0')} ${path}`).join('\n'),
        );
        const seen = new Set(
          input.traces.flatMap(({ route }) => route.hops.flatMap(({ addresses }) => addresses)),
        );
        const shown = new Set(
          variants.flatMap(({ route }) => route.flatMap(({ addresses }) => addresses)),
        );
        expect(shown).toEqual(seen);
      }),
    );
  });

  test('the same traces in another order, or twice, give the same analysis', () => {
    fc.assert(
      fc.property(anyCourse, (paths) => {
        const lines = paths.map((path, i) => `10:${String(i).padStart(2, '0')} ${path}`);
        const { input } = readScenario(lines.join('\n'));
        const expected = analyzeTest(input);
        const traces = [...input.traces.toReversed(), ...input.traces];
        expect(analyzeTest({ ...input, traces })).toEqual(expected);
      }),
    );
  });

  test('an ICMP error of the destination is no RTT to it', () => {
    const { input } = readScenario('10:00 a b d\n10:10 a b d!host-unreachable');
    expect(analyzeTest(input).series.map(({ rttMs }) => rttMs)).toEqual([10, null]);
  });

  test('of two different traces of one second the first counts', () => {
    const { input } = readScenario('10:00 a b d\n10:00 a x d\n10:10 a b d');
    expect(analyzeTest(input)).toMatchObject({ traces: 2, variants: [{ traces: 2 }] });
  });

  test('the addresses of a balanced hop are sorted by the number of their traces', () => {
    const turns = ['s', 'b', 's', 'u', 's', 'b', 's', 'u', 's', 'b', 's', 'u', 'b', 's', 'b'];
    const { input, nameOf } = readScenario(
      turns.map((hop, i) => `10:${String(i).padStart(2, '0')} a ${hop} d`).join('\n'),
    );
    const [variant] = analyzeTest(input).variants;
    expect(variant?.route[1]?.addresses.map(nameOf)).toEqual(['s', 'b', 'u']);
  });

  test('silence never adds a variant to a test of one route', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), {
          minLength: 1,
          maxLength: 40,
        }),
        (mutes) => {
          const paths = mutes.map((mute) =>
            ['a', 'b', 'c', 'e', 'd'].map((hop, i) => (mute[i] ? '*' : hop)).join(' '),
          );
          expect(analyze(paths).variants.length).toBe(1);
        },
      ),
    );
  });

  test('the result prints as JSON and carries no time of the run', () => {
    const { input } = readScenario('10:00 x8 a b c d\n11:20 x3 a x c d');
    const later = { ...input, now: input.now + 300 };
    expect(analyzeTest(later)).toEqual(analyzeTest(input));
    const { responders, ...plain } = analyzeTest(input);
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
    expect(responders.size).toBe(5);
  });
});
