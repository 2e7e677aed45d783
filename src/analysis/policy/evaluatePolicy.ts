import { limitFindings } from './limitRules.ts';
import { lossFindings } from './lossRules.ts';
import type { Expectations, PolicyFinding } from './policy.ts';
import type { PolicyInput } from './policyInput.ts';
import { routeFindings } from './routeRules.ts';

/** Evaluates everything that is expected of a test. */
export function evaluatePolicy(expected: Expectations, input: PolicyInput): PolicyFinding[] {
  return [
    ...routeFindings(expected, input),
    ...limitFindings(expected, input),
    ...lossFindings(expected, input),
  ];
}
