import { expect, test } from 'vitest';
import { learnPolicy } from '../../../../src/analysis/policy/learnPolicy.ts';
import { policyToml } from '../../../../src/analysis/policy/policyToml.ts';
import type { RouteVariant, TestAnalysis } from '../../../../src/model/site/analysis.ts';
import { testOf } from '../../../helpers/notify/samples.ts';

const variant = (
  traces: number,
  asPath: readonly number[],
  hops = 8,
  reached = true,
): RouteVariant => ({
  letter: 'A',
  route: [{ ttl: hops, addresses: ['192.0.2.2'], asn: null }],
  reached,
  asPath,
  traces,
  share: 0,
  firstSeen: 0,
  lastSeen: 0,
  medianRttMs: 10,
  probes: null,
  pathMtu: null,
});

/** The parts of an analysis that learning uses. */
function analysis(variants: readonly RouteVariant[], test_ = testOf('a', 'b')): TestAnalysis {
  return { test: test_, variants } as unknown as TestAnalysis;
}

const usual = [
  variant(900, [64500, 64501, 64510]),
  variant(87, [64500, 64501, 64510], 9),
  variant(13, [64500, 64505, 64510], 11),
  variant(2, [64500, 64507, 64510]),
];

test('a first policy expects the AS paths in use, allows rarer ones as a backup and leaves room', () => {
  expect(policyToml(learnPolicy([analysis(usual)]))).toBe(`\
# a.example.net > b.example.net, IPv4, traceroute: 1002 traces, 98.5% over AS path 64500 64501 64510
[[policy]]
tests = ["a-b"]
expect_as_path = ["64500 64501 64510"]
backup_as_path = ["64500 64505 64510"]
max_hops = 13
max_rtt_ms = { over_usual_pct = 25, floor = 10 }
max_loss_pct = { over_usual_pct = 100, floor = 5 }
`);
});

test('two paths that share the traffic are both expected', () => {
  const [learned] = learnPolicy([
    analysis([variant(60, [64500, 64501, 64510]), variant(40, [64500, 64505, 64510])]),
  ]);
  expect(learned?.rule.expectAsPath).toEqual(['64500 64501 64510', '64500 64505 64510']);
});

test('few traces, or a destination that does not answer, give no rule', () => {
  expect(learnPolicy([analysis([variant(49, [64500])])])).toEqual([]);
  expect(learnPolicy([analysis([variant(500, [64500], 8, false)])])).toEqual([]);
});

test('a path without any known AS gives no pattern', () => {
  const [learned] = learnPolicy([analysis([variant(500, [])])]);
  expect(learned?.rule).not.toHaveProperty('expectAsPath');
});

test('names cannot break out of their comment or string', () => {
  const evil = testOf('a', 'b', 'x"\n[[archive]]\nurl = "https://evil.example');
  const named = { ...evil, source: { address: null, name: 'a\n[[archive]]' } };
  const toml = policyToml(learnPolicy([analysis(usual, named)]));
  expect(toml.split('\n').filter((line) => line.startsWith('[['))).toEqual(['[[policy]]']);
});
