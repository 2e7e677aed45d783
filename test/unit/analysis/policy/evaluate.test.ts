import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from '../../../../src/analysis/policy/evaluatePolicy.ts';
import type { Expectations } from '../../../../src/analysis/policy/policy.ts';
import { observation } from './traces.ts';

/** Each finding in short: `must_avoid AS64511 broken: AS64511 at hop 2 (…)`. */
function found(expected: Expectations, ...seen: Parameters<typeof observation>): string[] {
  return evaluatePolicy(expected, observation(...seen)).map(({ rule, item, outcome }) => {
    const words = outcome.kind === 'broken' ? `broken: ${outcome.found}` : outcome.kind;
    return [rule, item, words].filter(Boolean).join(' ');
  });
}

const times = (line: string, count: number): string[] => Array.from({ length: count }, () => line);

describe('must_traverse', () => {
  const expected = { mustTraverse: ['AS64501'] };

  test('is met where the AS is on the way', () => {
    expect(found(expected, times('500 501 510', 2))).toEqual(['must_traverse AS64501 met']);
  });

  test('is broken where two traces in a row reach the destination without it', () => {
    expect(found(expected, times('500 505 510', 2))).toEqual([
      'must_traverse AS64501 broken: AS64500 AS64505 AS64510',
    ]);
  });

  test('is left open by one trace without it, which may have mixed several paths', () => {
    expect(found(expected, ['500 501 510', '500 505 510'])).toEqual([
      'must_traverse AS64501 unknown',
    ]);
  });

  test('is left open by silent hops between two ASes, which may hide it', () => {
    expect(found(expected, times('500 * 510', 2))).toEqual(['must_traverse AS64501 unknown']);
  });

  test('is not left open by a silent hop inside an AS', () => {
    expect(found(expected, times('500 505 * 505b 510', 2))[0]).toContain('broken');
  });

  test('of a router is left open by any silent hop', () => {
    const router = { mustTraverse: ['r501.*'] };
    expect(found(router, times('500 * 500b 510', 2))).toEqual(['must_traverse r501.* unknown']);
    expect(found(router, times('500 500b 510', 2))[0]).toContain('broken');
  });

  test('is not left open by private addresses', () => {
    expect(found(expected, times('p 500 505 510', 2))[0]).toContain('broken');
  });

  test('is left open by traces that do not reach the destination', () => {
    expect(found(expected, times('500 !', 2))).toEqual(['must_traverse AS64501 unknown']);
  });

  test('accepts prefixes, addresses and host names too', () => {
    const ways = { mustTraverse: ['198.51.100.0/29', '198.51.100.2', 'r501.*'] };
    expect(found(ways, times('500 501 510', 2)).map((each) => each.split(' ').at(-1))).toEqual([
      'met',
      'met',
      'met',
    ]);
  });
});

describe('must_avoid', () => {
  const expected = { mustAvoid: ['AS64511'] };

  test('is broken where two traces in a row pass it, even when they do not reach the destination', () => {
    expect(found(expected, times('500 511 !', 2))).toEqual([
      'must_avoid AS64511 broken: AS64511 at hop 2 (r511.example.net)',
    ]);
  });

  test('is met where no hop matches', () => {
    expect(found(expected, times('500 * 510', 2))).toEqual(['must_avoid AS64511 met']);
  });

  test('is left open by a single trace', () => {
    expect(found(expected, ['500 510', '500 511 510'])).toEqual(['must_avoid AS64511 unknown']);
    expect(found(expected, ['500 511 510'])).toEqual(['must_avoid AS64511 unknown']);
  });
});

describe('expect_as_path', () => {
  const on = (pattern: string, line: string) =>
    found({ expectAsPath: [pattern] }, times(line, 2))[0]?.replace('expect_as_path ', '');

  test.each([
    ['64500 64501 64510', '500 500b 501 510', 'met'],
    ['AS64500 * AS64510', '500 501 505 510', 'met'],
    ['64500 * 64510', '500 510', 'met'],
    ['64500 ? 64510', '500 501 510', 'met'],
    ['64500 ? 64510', '500 501 505 510', 'broken: AS64500 AS64501 AS64505 AS64510'],
    ['64500 64501 64510', '500 505 510', 'broken: AS64500 AS64505 AS64510'],
    ['64500 64501 64510', '500 * 510', 'unknown'],
    ['64500 64501 64510', '500 x 510', 'unknown'],
    ['64500 64501 64502 64510', '500 * 510', 'unknown'],
    ['64500 64501 64510', '500 * 505 510', 'broken: AS64500 … AS64505 AS64510'],
    ['64500 64510', '500 * 510', 'met'],
    ['* 64501 *', '500 501 510', 'met'],
    ['64500 64501 64510', '500 501 !', 'unknown'],
  ])('%s with %s: %s', (pattern, line, outcome) => {
    expect(on(pattern, line)).toBe(outcome);
  });
});

describe('backup_as_path', () => {
  const expected = { expectAsPath: ['64500 64501 64510'], backupAsPath: ['64500 64505 64510'] };

  test('in use breaks only the rule that warns', () => {
    expect(found(expected, times('500 505 510', 2))).toEqual([
      'expect_as_path met',
      'backup_as_path broken: AS64500 AS64505 AS64510',
    ]);
  });

  test('is not in use while the path is the one expected', () => {
    expect(found(expected, times('500 501 510', 2))).toEqual([
      'expect_as_path met',
      'backup_as_path met',
    ]);
  });

  test('does not cover any other path', () => {
    expect(found(expected, times('500 507 510', 2))).toEqual([
      'expect_as_path broken: AS64500 AS64507 AS64510',
      'backup_as_path met',
    ]);
  });
});

describe('max_hops', () => {
  test('is broken by two longer paths in a row', () => {
    const expected = { maxHops: 3 };
    expect(found(expected, times('500 501 502 510', 2))).toEqual(['max_hops broken: 4 hops']);
    expect(found(expected, ['500 501 510', '500 501 502 510'])).toEqual(['max_hops unknown']);
    expect(found(expected, times('500 501 510', 2))).toEqual(['max_hops met']);
  });

  test('may be relative to the usual figure', () => {
    const expected = { maxHops: { overUsualPct: 0, floor: 2 } };
    expect(found(expected, times('500 501 502 510', 2), { usual: { hops: 1 } })[0]).toContain(
      'broken',
    );
    expect(found(expected, times('500 501 502 510', 2), { usual: { hops: 2 } })).toEqual([
      'max_hops met',
    ]);
  });
});

describe('max_rtt_ms', () => {
  const rtt = (rttMs: readonly number[], maxRttMs: Expectations['maxRttMs'] = 20) =>
    found({ maxRttMs }, times('500 510', rttMs.length), { rttMs })[0];

  test('is broken when the median of three is above it three times in a row', () => {
    expect(rtt([10, 10, 10, 25, 25, 26])).toBe('max_rtt_ms unknown');
    expect(rtt([10, 10, 25, 25, 26, 26])).toBe('max_rtt_ms broken: 26 ms');
  });

  test('is not broken by single high samples', () => {
    expect(rtt([10, 90, 10, 95, 10, 99, 10])).toBe('max_rtt_ms met');
  });

  test('is met again a fifth of the way back to the usual figure', () => {
    expect(rtt([25, 25, 25, 19, 19, 19])).toBe('max_rtt_ms unknown');
    expect(rtt([25, 25, 25, 18, 18, 18])).toBe('max_rtt_ms met');
  });

  test('relative to the usual figure, it has a floor', () => {
    const limit = { overUsualPct: 10, floor: 5 };
    expect(rtt([14, 14, 14, 14, 14], limit)).not.toContain('broken');
    expect(rtt([16, 16, 16, 16, 16], limit)).toBe('max_rtt_ms broken: 16 ms');
  });

  test('relative to an unknown figure, it is not evaluated', () => {
    const parts = { usual: { rttMs: null } };
    expect(found({ maxRttMs: { overUsualPct: 10, floor: 5 } }, times('500 510', 5), parts)).toEqual(
      [],
    );
  });
});

describe('max_loss_pct', () => {
  const loss = (missed: number) =>
    found({ maxLossPct: 5 }, [
      ...times('500 501 510', 18 - missed),
      ...times('500 501 !', missed),
    ])[0];

  test('is broken by more misses than the limit can explain', () => {
    expect(loss(6)).toBe('max_loss_pct broken: 33.33% of 18 probes lost');
  });

  test('is left open by as many as the limit can explain', () => {
    expect(loss(2)).toBe('max_loss_pct unknown');
  });

  test('is met without any miss', () => {
    expect(loss(0)).toBe('max_loss_pct met');
  });

  test('needs more than a few traces', () => {
    expect(found({ maxLossPct: 5 }, times('500 510', 8))).toEqual(['max_loss_pct unknown']);
  });
});

describe('limits at every hop', () => {
  test('loss at one hop alone is a router that rarely answers', () => {
    expect(found({ maxHopLossPct: 10 }, times('500 * 510', 18))).toEqual(['max_hop_loss_pct met']);
  });

  test('loss from a hop on is loss of the path', () => {
    const lines = [...times('500 501 510', 12), ...times('500 !', 6)];
    expect(found({ maxHopLossPct: 10 }, lines)).toEqual([
      'max_hop_loss_pct broken: 33.33% of 18 probes lost from hop 2 on',
    ]);
  });

  const timed = (rtts: readonly number[]) => {
    const seen = observation(times('500 501 510', 3));
    const traces = seen.traces.map((trace) => ({ ...trace, rttMs: rtts }));
    return evaluatePolicy({ maxHopRttMs: 50 }, { ...seen, traces })[0]?.outcome;
  };

  test('may be relative to the usual figure of the destination', () => {
    const seen = observation(times('500 501 510', 3));
    const traces = seen.traces.map((trace) => ({ ...trace, rttMs: [1, 90, 95] }));
    const limit = { overUsualPct: 50, floor: 20 };
    const late = (usual: number) =>
      evaluatePolicy(
        { maxHopRttMs: limit },
        { ...seen, traces, usual: { hops: 3, rttMs: usual, lossPct: 0 } },
      ).map(({ expected, outcome: { kind } }) => `${expected}: ${kind}`);
    expect(late(10)).toEqual(['at most 30 ms at every hop: broken']);
    expect(late(80)).toEqual(['at most 120 ms at every hop: met']);
    const lines = [...times('500 501 510', 12), ...times('500 !', 6)];
    const lossy = (usual: number) =>
      found({ maxHopLossPct: { overUsualPct: 0, floor: 10 } }, lines, {
        usual: { lossPct: usual },
      });
    expect(lossy(0)).toEqual(['max_hop_loss_pct broken: 33.33% of 18 probes lost from hop 2 on']);
    expect(lossy(30)).toEqual(['max_hop_loss_pct met']);
  });

  test('a high time at one hop alone is the delay of that router', () => {
    expect(timed([1, 90, 10])).toEqual({ kind: 'met' });
  });

  test('times from a hop on are those of the path', () => {
    expect(timed([1, 90, 95])).toEqual({
      kind: 'broken',
      found: '90 ms from hop 2 (r501.example.net) on',
    });
  });
});

test('without expectations nothing is found', () => {
  expect(found({}, times('500 510', 2))).toEqual([]);
});
