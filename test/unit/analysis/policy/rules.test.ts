import { expect, test } from 'vitest';
import { evaluatePolicy } from '../../../../src/analysis/policy/evaluatePolicy.ts';
import { expectationsOf } from '../../../../src/analysis/policy/expectations.ts';
import { testOf } from '../../../helpers/notify/samples.ts';
import { observation } from './traces.ts';

const groups = [{ name: 'north', tests: ['a.example.net'] }];
const all = { tests: [], groups: [], maxHops: 20, maxRttMs: 100 };
const ofGroup = { tests: [], groups: ['north'], maxHops: 10, mustAvoid: ['AS64511'] };
const ofTest = { tests: ['a.* > b.*'], groups: [], maxHops: 5 };

test('a rule for a test wins over one for its group, and that over one for all tests', () => {
  const rules = [ofTest, all, ofGroup];
  expect(expectationsOf(testOf('a', 'b'), rules, groups)).toEqual({
    maxHops: 5,
    maxRttMs: 100,
    mustAvoid: ['AS64511'],
  });
  expect(expectationsOf(testOf('a', 'c'), rules, groups)).toMatchObject({ maxHops: 10 });
  expect(expectationsOf(testOf('c', 'b'), rules, groups)).toEqual({ maxHops: 20, maxRttMs: 100 });
});

test('a closer rule can cancel the expectation of a more general one', () => {
  const nothing = { tests: ['a.* > b.*'], groups: [], maxHops: Infinity, expectAsPath: [] };
  const rules = [{ ...all, expectAsPath: ['64500'] }, nothing];
  const findings = (test: ReturnType<typeof testOf>) =>
    evaluatePolicy(expectationsOf(test, rules, []), observation(['500 501', '500 501']));
  expect(findings(testOf('a', 'b')).map(({ rule }) => rule)).toEqual(['max_rtt_ms']);
  expect(findings(testOf('a', 'c')).map(({ rule }) => rule)).toEqual([
    'expect_as_path',
    'max_hops',
    'max_rtt_ms',
  ]);
});

test('among equals the later rule wins', () => {
  const rules = [all, { ...all, maxHops: 7 }];
  expect(expectationsOf(testOf('a', 'b'), rules, []).maxHops).toBe(7);
});
