import { limitFindings } from './limitRules.ts';
import { lossFindings } from './lossRules.ts';
import type { PolicyInput } from './observation.ts';
import { routeFindings } from './pathRules.ts';
import type { Expectations, PolicyFinding } from './policy.ts';

/** What became of everything that is expected of a test. */
export function evaluatePolicy(expected: Expectations, input: PolicyInput): PolicyFinding[] {
  return [
    ...routeFindings(expected, input),
    ...limitFindings(expected, input),
    ...lossFindings(expected, input),
  ];
}
