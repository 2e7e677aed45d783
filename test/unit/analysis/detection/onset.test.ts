import { expect, test } from 'vitest';
import { play, readScenario } from './scenario.ts';

test('an MTU drop began between the last trace with the usual MTU and the first without it', () => {
  const scenario = readScenario(`
    usual 60 a b c D mtu 9000
    blip 1 a b c D mtu 1400
    well 5 a b c D mtu 9000
    small 3 a b c D mtu 1400
  `);
  const [drop] = play(scenario).map(({ change }) => change);
  expect(drop?.class).toBe('mtu_drop');
  const confirmedAt = drop?.detectedAt ?? 0;
  expect(drop?.onset).toEqual({ after: confirmedAt - 3 * 600, by: confirmedAt - 2 * 600 });
});
