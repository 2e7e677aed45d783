import { expect, test } from 'vitest';
import type {
  PolicyFinding,
  PolicyOutcome,
  RuleName,
} from '../../../../src/analysis/policy/policy.ts';
import {
  initialPolicyState,
  type PolicyState,
  trackPolicy,
} from '../../../../src/analysis/policy/trackPolicy.ts';

const finding = (rule: RuleName, kind: PolicyOutcome['kind']): PolicyFinding => ({
  rule,
  item: '',
  expected: 'this',
  outcome: kind === 'broken' ? { kind, found: 'that' } : { kind },
});

/** The reports on these findings, one after the other. */
function reportedBy(steps: readonly (readonly PolicyFinding[])[]): string[][] {
  let state: PolicyState = initialPolicyState;
  return steps.map((findings, index) => {
    const step = trackPolicy(state, 't', findings, index);
    state = step.state;
    return step.changes.map(({ class: changeClass, severity, closes, policy }) =>
      [changeClass, severity, ...closes, ...(policy ? [policy.rule, policy.found] : [])].join(' '),
    );
  });
}

test('a rule is reported once when it is broken and once when it is met again', () => {
  const broken = [finding('must_avoid', 'broken')];
  expect(
    reportedBy([broken, broken, [finding('must_avoid', 'met')], [finding('must_avoid', 'met')]]),
  ).toEqual([['policy major must_avoid that'], [], ['recovered info policy'], []]);
});

test('an unknown result changes nothing', () => {
  const unknown = [finding('must_avoid', 'unknown')];
  expect(reportedBy([unknown, [finding('must_avoid', 'broken')], unknown])).toEqual([
    [],
    ['policy major must_avoid that'],
    [],
  ]);
});

test('rules broken together are one change with the worst first, and all must be met again', () => {
  const both = [finding('max_hops', 'broken'), finding('must_avoid', 'broken')];
  const one = [finding('max_hops', 'broken'), finding('must_avoid', 'met')];
  expect(
    reportedBy([both, one, [finding('max_hops', 'met'), finding('must_avoid', 'met')]]),
  ).toEqual([['policy major must_avoid that (also max_hops)'], [], ['recovered info policy']]);
});

test('a backup path is a warning, not an alert', () => {
  expect(reportedBy([[finding('backup_as_path', 'broken')]])).toEqual([
    ['policy minor backup_as_path that'],
  ]);
});

test('a rule that leaves the configuration is no longer broken', () => {
  expect(reportedBy([[finding('must_avoid', 'broken')], []])).toEqual([
    ['policy major must_avoid that'],
    ['recovered info policy'],
  ]);
});

test('the state survives as JSON', () => {
  const { state } = trackPolicy(initialPolicyState, 't', [finding('must_avoid', 'broken')], 5);
  expect(JSON.parse(JSON.stringify(state))).toEqual({ version: 1, broken: { must_avoid: 5 } });
});
