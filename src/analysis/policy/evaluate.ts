import { limitFindings } from './limitRules.ts';
import { lossFindings } from './lossRules.ts';
import type { Observation } from './observation.ts';
import { pathFindings } from './pathRules.ts';
import type { Expectations, Finding } from './policy.ts';

/** What became of everything that is expected of a test. */
export function evaluatePolicy(expected: Expectations, observation: Observation): Finding[] {
  return [
    ...pathFindings(expected, observation),
    ...limitFindings(expected, observation),
    ...lossFindings(expected, observation),
  ];
}
