import { describe, expect, test } from 'vitest';
import { fullReason, usualValue } from '../../../src/analysis/window/usualValue.ts';
import { blankChange } from '../../../src/model/change/blankChange.ts';
import type { Change, Verdict } from '../../../src/model/change/change.ts';
import type { RouteVariant } from '../../../src/model/site/analysis.ts';

const noon = Date.UTC(2026, 10, 28, 12) / 1000;
const day = 86_400;

function change(
  changeClass: Change['class'],
  verdict: Partial<Verdict>,
  parts: Partial<Change> = {},
): Change {
  const blank = blankChange('t', changeClass, 'major', noon + 1200);
  const onset = { after: noon, by: noon + 600 };
  const usedSince = noon - 25 * day;
  return { ...blank, onset, usedSince, ...parts, verdict: { ...blank.verdict, ...verdict } };
}

const variant: RouteVariant = {
  letter: 'B',
  route: [],
  reached: true,
  asPath: [],
  traces: 9,
  share: 1,
  firstSeen: noon + 2 * day,
  lastSeen: noon + 3 * day,
  medianRttMs: 62,
  pathMtu: null,
  probes: null,
};
const of = (...openChanges: Change[]) => usualValue({ openChanges }, variant);

describe('the usual value', () => {
  test('is the one before the oldest open change, not that of the window', () => {
    const slow = change('rtt_shift', { rttBeforeMs: 12.3, rttAfterMs: 62 });
    const later = { onset: { after: noon + day, by: noon + day } };
    expect(of(change('rtt_shift', { rttBeforeMs: 62 }, later), slow)).toEqual({
      rttMs: 12.3,
      from: noon - 25 * day,
      to: noon,
      text: '12.3 ms, seen 2026-11-03 12:00 to 2026-11-28 12:00 UTC',
    });
    expect(of()).toMatchObject({ rttMs: 62, from: variant.firstSeen, to: variant.lastSeen });
  });

  test('is a route, a loss or an MTU where those changed', () => {
    const moved = change('inter_as', { rttBeforeMs: 12.3 }, { fromAsPath: [64500, 64501] });
    expect(of(moved).text).toMatch(/^12\.3 ms over AS64500 → AS64501, seen 2026-11-03/);
    expect(of(change('loss', { lossBeforePct: 0 })).text).toMatch(/^0% loss, seen/);
    expect(of(change('mtu_drop', { mtuBefore: 9000 })).text).toMatch(/^MTU 9000, seen/);
    expect(of(change('flap', {}, { usedSince: null })).text).toBe(
      'the route before, seen at 2026-11-28 12:00 UTC',
    );
  });

  test('and its age are part of the reason, with the start of the state', () => {
    const verdict = { state: 'degraded', since: noon + 600, reason: 'RTT rose.' } as const;
    expect(fullReason(verdict, of(change('rtt_shift', { rttBeforeMs: 12.3 })))).toBe(
      'RTT rose. Since 2026-11-28 12:10 UTC; usual: 12.3 ms, seen 2026-11-03 12:00 to 2026-11-28 12:00 UTC.',
    );
    expect(fullReason({ ...verdict, state: 'ok', since: null }, of())).toBe('RTT rose.');
  });
});
