import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daySeconds, hourSeconds } from '../../../../src/model/values/time.ts';
import {
  areOutvoting,
  type ClockEvidence,
  type ClockRecord,
  type DoubtReason,
  earliestTime,
  judgeClock,
  type PeerClock,
  recordTrusted,
} from '../../../../src/pipeline/clock/judgeClock.ts';

/** 2026-11-20 12:40:00 UTC: the last trusted reading. */
const last = 1_795_178_400;
const year = 365 * daySeconds;

const record: ClockRecord = {
  trusted: { at: last, bootedAt: last - daySeconds, gapFrom: null },
  doubt: null,
  hasImports: false,
};

const peer = (offsetSeconds: number, isThisHost = false): PeerClock => ({
  id: 'ma.example.net',
  offsetSeconds,
  isThisHost,
});

function reasonAt(at: number, evidence: Partial<ClockEvidence> = {}): DoubtReason | null {
  const reading = { at, bootedAt: null };
  const nothing = { reading, record, peers: [], newestResultAt: () => null };
  return judgeClock({ ...nothing, ...evidence })?.reason ?? null;
}

describe('without a witness', () => {
  test.each([
    ['an hour later', last + hourSeconds, null],
    ['two months later: the host was off', last + 60 * daySeconds, null],
    ['ten years later', last + 10 * year, 'ahead'],
    ['some seconds earlier', last - 5, null],
    ['an hour earlier', last - hourSeconds, 'behind'],
    ['in 1970', 600, 'impossible'],
  ] as const)('a clock %s is judged by the last command', (_, at, reason) => {
    expect(reasonAt(at)).toBe(reason);
  });

  test('the first command trusts every clock that is possible', () => {
    const first = { record: { ...record, trusted: null } };
    expect(reasonAt(earliestTime, first)).toBeNull();
    expect(reasonAt(earliestTime - 1, first)).toBe('impossible');
    expect(reasonAt(last + 10 * year, first)).toBeNull();
  });

  test('a clock that was ahead after a gap may return into the gap, and no further', () => {
    const trusted = { at: last + 20 * daySeconds, bootedAt: null, gapFrom: last };
    const jumped = { record: { ...record, trusted } };
    expect(reasonAt(last + 600, jumped)).toBeNull();
    expect(reasonAt(last - 600, jumped)).toBe('behind');
  });

  test('a clock that is ahead is trusted after three steady days', () => {
    const at = last + 10 * year;
    const doubt = { reason: 'ahead', since: at - 3 * daySeconds, at: at - hourSeconds } as const;
    expect(reasonAt(at, { record: { ...record, doubt } })).toBeNull();
    expect(reasonAt(at - 1, { record: { ...record, doubt } })).toBe('ahead');
    const interrupted = { ...doubt, at: at - 2 * daySeconds };
    expect(reasonAt(at, { record: { ...record, doubt: interrupted } })).toBe('ahead');
  });
});

describe('the newest result of an archive', () => {
  test('shows whether this clock is behind, or the last one was ahead', () => {
    const at = last - hourSeconds;
    expect(reasonAt(at, { newestResultAt: () => last - 300 })).toBe('behind');
    expect(reasonAt(at, { newestResultAt: () => at - 300 })).toBeNull();
  });

  test('is not looked for while the clock goes on', () => {
    const newestResultAt = () => {
      throw new Error('looked for');
    };
    expect(reasonAt(last + 600, { newestResultAt })).toBeNull();
  });
});

describe('the boot time', () => {
  const at = last + 10 * year;

  test('shows that the clock was not set since, however long ago the last command was', () => {
    const reading = { at, bootedAt: last - daySeconds + 20 };
    expect(reasonAt(at, { reading })).toBeNull();
    const restarted = { at, bootedAt: at - hourSeconds };
    expect(reasonAt(at, { reading: restarted })).toBe('ahead');
  });

  test('outweighs a single archive, and no more', () => {
    const reading = { at: last + 600, bootedAt: last - daySeconds };
    expect(reasonAt(last + 600, { reading, peers: [peer(-7200)] })).toBeNull();
    expect(reasonAt(last + 600, { reading, peers: [peer(-7200), peer(-7210)] })).toBe('peers');
    expect(reasonAt(last + 600, { peers: [peer(-7200)] })).toBe('peers');
  });
});

describe('the clocks of archives', () => {
  test.each([
    ['none answers', [], false],
    ['one agrees', [0], false],
    ['one disagrees', [7200], true],
    ['one of two agrees', [7200, 30], false],
    ['two of three are wrong by the same time', [7200, 7230, 0], true],
    ['two of three are wrong, each in its own way', [7200, -90_000, 0], false],
  ])('%s', (_, offsets, expected) => {
    expect(areOutvoting(offsets.map((offset) => peer(offset)))).toBe(expected);
  });

  test('confirm a clock that left the record, unless they have the clock of this host', () => {
    const at = last + 10 * year;
    expect(reasonAt(at, { peers: [peer(3)] })).toBeNull();
    expect(reasonAt(at, { peers: [peer(0, true)] })).toBe('ahead');
  });

  test('have no vote if they agree because they have the clock of this host', () => {
    const own = [peer(0, true), peer(2, true)];
    expect(reasonAt(last, { peers: own })).toBeNull();
    expect(reasonAt(last, { peers: [...own, peer(7200)] })).toBe('peers');
    expect(reasonAt(last, { peers: [...own, peer(7200), peer(5)] })).toBeNull();
    // The boot time outweighs the only one that has a vote.
    const reading = { at: last, bootedAt: last - daySeconds };
    expect(reasonAt(last, { reading, peers: [...own, peer(7200)] })).toBeNull();
  });

  test('remain in doubt for a command that asks none, until a run asks again', () => {
    const at = last + hourSeconds;
    const doubt = { reason: 'peers', since: at - 600, at: at - 600 } as const;
    const doubtful = { record: { ...record, doubt } };
    expect(reasonAt(at, doubtful)).toBe('peers');
    expect(reasonAt(at, { ...doubtful, peers: [peer(0)] })).toBeNull();
    expect(reasonAt(at + 2 * daySeconds, doubtful)).toBeNull();
  });
});

test('the record notes the latest gap of more than a day', () => {
  const after = (at: number, before = record) => recordTrusted({ at, bootedAt: null }, before);
  expect(after(last + hourSeconds).trusted?.gapFrom).toBeNull();
  const gap = after(last + 9 * daySeconds);
  expect(gap.trusted?.gapFrom).toBe(last);
  expect(after(last + 9 * daySeconds + 600, gap).trusted?.gapFrom).toBe(last);
  expect(after(last + 600, gap).trusted?.gapFrom).toBeNull();
});

test('jumps to 1970, years ahead or an hour back are never trusted, and a right clock always is', () => {
  const jump = fc.constantFrom(0, -hourSeconds, 10 * year, -1);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 60, max: 7200 }), jump)), (steps) => {
      let known = record;
      let real = last;
      for (const [seconds, offset] of steps) {
        real += seconds;
        const at = offset === -1 ? 600 : real + offset;
        const reading = { at, bootedAt: null };
        const newestResultAt = () => real - seconds;
        const doubt = judgeClock({ reading, record: known, peers: [], newestResultAt });
        if (doubt !== null) known = { ...known, doubt };
        else known = recordTrusted(reading, known);
        if (offset === 0) expect(doubt).toBeNull();
        expect(known.trusted?.at).toBeLessThanOrEqual(real);
      }
    }),
  );
});
