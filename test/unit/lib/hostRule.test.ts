import { expect, test } from 'vitest';
import { parseHostRule } from '../../../src/lib/hostRule.ts';

test.each([
  ['*', { kind: 'any' }],
  ['*.Example.ORG', { kind: 'domain', suffix: '.example.org' }],
  ['PS.example.org.', { kind: 'host', name: 'ps.example.org', port: null }],
  ['ps.example.org:8443', { kind: 'host', name: 'ps.example.org', port: 8443 }],
  ['192.0.2.7:81', { kind: 'host', name: '192.0.2.7', port: 81 }],
  ['2001:DB8::1', { kind: 'host', name: '2001:db8::1', port: null }],
  ['[2001:db8::1]:81', { kind: 'host', name: '2001:db8::1', port: 81 }],
])('%s is a rule', (text, rule) => {
  expect(parseHostRule(text)).toEqual(rule);
});

test('a prefix holds its addresses', () => {
  const rule = parseHostRule('10.1.0.0/16');
  expect(rule?.kind === 'prefix' && [rule.holds('10.1.2.3'), rule.holds('10.2.2.3')]).toEqual([
    true,
    false,
  ]);
});

test.each(['', '*.', '**', 'a b', 'http://a/', '10.0.0.0/99', 'a:b', '*:80', '-x'])(
  '%j is no rule',
  (text) => {
    expect(parseHostRule(text)).toBeNull();
  },
);
