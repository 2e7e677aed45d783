import { expect, test } from 'vitest';
import { blankChange } from '../../../src/model/change/blankChange.ts';
import type { Change } from '../../../src/model/change/change.ts';
import { explainChange } from '../../../src/model/change/changeReasons.ts';

const ten = Date.UTC(2026, 10, 20, 10) / 1000;
const routeChange = {
  level: 'inter_as' as const,
  reason: 'as' as const,
  removed: [],
  added: [],
  evidenceNats: 9.2,
  traces: 2,
  firstAsn: null,
};

function reasonsOf(of: Change['class'], fields: Partial<Change>): string[] {
  return explainChange({ ...blankChange('a-b', of, 'major', ten), ...fields });
}

test('a change of route gives its evidence, and what sets the new route apart', () => {
  const reasons = reasonsOf('inter_as', { routeChange });
  expect(reasons).toContain('The new route passes other ASes.');
  expect(reasons).toContain(
    '2 traces give 9.2 nats of evidence: a route of their own makes them 9,897 times likelier than the old route.',
  );
});

test('one trace gives, and a large factor stays readable', () => {
  const [evidence] = reasonsOf('intra_as', {
    routeChange: { ...routeChange, evidenceNats: 30, traces: 1 },
  }).filter((reason) => reason.includes('nats'));
  expect(evidence).toBe(
    '1 trace gives 30 nats of evidence: a route of their own makes them more than a million times likelier than the old route.',
  );
});

test('a step of the round-trip time gives its noise, its limit and its history', () => {
  const step = {
    noiseMs: 0.4,
    leastStepMs: 3,
    riseSeconds: 1200,
    daysCompared: 5,
    daysWithRise: 1,
  };
  const daily = { fromHour: 18, toHour: 23, heightMs: 40 };
  expect(reasonsOf('rtt_shift', { step: { ...step, daily } }).slice(-3)).toEqual([
    'The usual noise is 0.40 ms; a step counts from 3.0 ms on. The rise took 20 min.',
    'The same rise is in the same hours of 1 of 5 earlier days.',
    'It recurs daily from 18 to 23 h UTC, by 40.0 ms.',
  ]);
  const first = reasonsOf('rtt_shift', { step: { ...step, daysCompared: 0, daily: null } });
  expect(first.join(' ')).not.toMatch(/earlier|daily/);
});
