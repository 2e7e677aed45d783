import { describe, expect, it } from 'vitest';
import type { TestAnalysis } from '../../../../src/model/site/analysis.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { currentRoute } from '../../../../src/report/route/currentRoute.ts';
import { hopTable } from '../../../../src/report/test/hopTable.ts';
import { latestTraceText } from '../../../../src/report/test/traceText.ts';
import { simulated } from '../../../helpers/simulatedTest.ts';

/** The analysis with its latest trace replaced in part. */
function withLatest(part: Partial<Trace>): TestAnalysis {
  const analysis = simulated({ routes: { A: 'a1 * b1' }, course: 'A' });
  if (analysis.latest === null) throw new Error('no trace');
  return { ...analysis, latest: { ...analysis.latest, ...part } };
}

const named = {
  ttl: 2,
  name: 'border.example.net',
  received: 4,
  rttMs: 7.5,
  avgMs: 8,
  worstMs: 9.5,
  stdevMs: 0.8,
  jitterMs: 0.2,
};

describe('a run of mtr', () => {
  const analysis = withLatest({
    probes: {
      sent: [5, 5, 5, 5],
      received: [5, 4, 5],
      spread: {
        avgMs: [5.5, 15.5, 21],
        worstMs: [6, 17, 25],
        stdevMs: [0.3, 0.9, 2],
        jitterMs: [0.1, 0.2, 0.3],
      },
    },
    rttMs: [5, 15, 20],
    named: [named],
  });

  it('has the loss and spread that mtr reported', () => {
    const [, head, first, second, third] = latestTraceText(analysis).split('\n');
    expect(head).toMatch(/Loss% +Snt +Avg +Best +Wrst +StDev +Javg$/);
    expect(first).toMatch(/ 0\.0% +5 +5\.5 +5\.0 +6\.0 +0\.3 +0\.1$/);
    expect(second).toMatch(
      /2\. AS\?\?\? +border\.example\.net +20\.0% +5 +8\.0 +7\.5 +9\.5 +0\.8 +0\.2$/,
    );
    expect(third).toMatch(/ 20\.0% +5 +15\.5 +15\.0 +17\.0 +0\.9 +0\.2$/);
  });

  it('a hop that mtr reports only by name is not silent', () => {
    const [, second] = hopTable(analysis, currentRoute(analysis), [], new Map());
    expect(second?.silent).toBe('');
    expect(second?.rows.map(({ name, address, last }) => [name, address, last])).toEqual([
      ['border.example.net', '', '7.5'],
    ]);
  });
});

it('a host name of 255 characters does not shift the columns', () => {
  const analysis = simulated({
    routes: { A: 'a1' },
    course: 'A',
    responders: { a1: { hostname: 'x'.repeat(255) } },
  });
  for (const line of latestTraceText(analysis).split('\n')) expect(line.length).toBeLessThan(130);
});

it('without a trace there is no text', () => {
  expect(latestTraceText(simulated({ routes: { A: 'a1' }, course: '.' }))).toBe('');
});
