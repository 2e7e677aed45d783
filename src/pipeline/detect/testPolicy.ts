import type { Finding } from '../../analysis/detection/finding.ts';
import { evaluatePolicy } from '../../analysis/policy/evaluatePolicy.ts';
import { expectationsOf } from '../../analysis/policy/expectations.ts';
import type { PolicyRule } from '../../analysis/policy/policy.ts';
import {
  initialPolicyState,
  type PolicyState,
  trackPolicy,
} from '../../analysis/policy/trackPolicy.ts';
import type { TestGroup } from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';
import type { Store } from '../../store/store.ts';
import { type PolicySubject, policyInput } from './policyInput.ts';

/** The policies of the configuration. */
export interface PolicySet {
  readonly policies: readonly PolicyRule[];
  readonly groups: readonly TestGroup[];
}

/** The breaches of a test now, and the findings about them. */
export interface PolicyTracking {
  readonly state: PolicyState;
  readonly findings: readonly Finding[];
}

/** Whether a policy applies to a test. */
export function hasPolicy(test: Test, { policies, groups }: PolicySet): boolean {
  return policies.length > 0 && Object.keys(expectationsOf(test, policies, groups)).length > 0;
}

/** Checks a test against its policies; null without a trace. */
export function trackTestPolicy(
  store: Pick<Store, 'traces'>,
  subject: PolicySubject,
  { policies, groups }: PolicySet,
): PolicyTracking | null {
  const { test, traces, before } = subject;
  const newest = traces.at(-1);
  if (newest === undefined) return null;
  const expected = expectationsOf(test, policies, groups);
  const input = policyInput(store, subject, expected);
  const found = evaluatePolicy(expected, input);
  const { state, changes } = trackPolicy(
    before ?? initialPolicyState,
    test.id,
    found,
    newest.startedAt,
  );
  const isMet = Object.keys(state.broken).length === 0;
  return {
    state: isMet ? state : { ...state, usual: input.usual },
    findings: changes.map((change) => ({ kind: 'change', change, elements: [] })),
  };
}
