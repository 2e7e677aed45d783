import { blankChange } from '../../model/change/blankChange.ts';
import { type Change, severityRank } from '../../model/change/change.ts';
import { type PolicyFinding, ruleSeverities } from './policy.ts';
import type { PolicyInput } from './policyInput.ts';

/**
 * The rules that a test breaks now, and since when (epoch seconds). Plain JSON, stored between
 * runs.
 */
export interface PolicyState {
  readonly version: 1;
  readonly broken: Readonly<Record<string, number>>;
  /** The usual figures before the oldest breach: what lasts must not become usual. */
  readonly usual?: PolicyInput['usual'];
}

/** The state in which no rule is broken. */
export const initialPolicyState: PolicyState = { version: 1, broken: {} };

/** The next state, and the changes to report. */
export interface PolicyStep {
  readonly state: PolicyState;
  readonly changes: readonly Change[];
}

/**
 * Applies the evaluation of a policy at a test's newest trace (`at`: epoch seconds). Newly broken
 * rules make one change; another one reports that all of them are met again. An unknown result
 * leaves a rule as it was; a rule that is no longer in the configuration is not broken any more.
 */
export function trackPolicy(
  state: PolicyState,
  testId: string,
  findings: readonly PolicyFinding[],
  at: number,
): PolicyStep {
  const before = state.broken;
  const broken: Record<string, number> = {};
  const newlyBroken: PolicyFinding[] = [];
  for (const finding of findings) {
    const key = keyOf(finding);
    const since = before[key];
    if (finding.outcome.kind === 'broken' && since === undefined) newlyBroken.push(finding);
    if (finding.outcome.kind === 'broken') broken[key] = since ?? at;
    else if (finding.outcome.kind === 'unknown' && since !== undefined) broken[key] = since;
  }
  const isOver = Object.keys(before).length > 0 && Object.keys(broken).length === 0;
  const changes = [
    ...(newlyBroken.length > 0 ? [policyBreached(testId, newlyBroken, at)] : []),
    ...(isOver ? [policyRecovered(testId, at)] : []),
  ];
  return { state: { version: 1, broken }, changes };
}

function keyOf({ rule, item }: PolicyFinding): string {
  return item === '' ? rule : `${rule} ${item}`;
}

/** One change for rules broken at the same time: the worst one in full, the others by name. */
function policyBreached(testId: string, findings: readonly PolicyFinding[], at: number): Change {
  const [first, ...others] = findings.toSorted(
    (a, b) => severityRank(ruleSeverities[a.rule]) - severityRank(ruleSeverities[b.rule]),
  );
  const worst = first as PolicyFinding;
  const more = others.length === 0 ? '' : ` (also ${others.map(keyOf).join(', ')})`;
  const found = worst.outcome.kind === 'broken' ? worst.outcome.found : '';
  return {
    ...blankChange(testId, 'policy', ruleSeverities[worst.rule], at),
    policy: { rule: worst.rule, expected: worst.expected, found: `${found}${more}` },
  };
}

function policyRecovered(testId: string, at: number): Change {
  // A route may recover at the same trace, under the id that a recovery usually has.
  const id = `${testId}@${at}-policy-recovered`;
  return { ...blankChange(testId, 'recovered', 'info', at), id, closes: ['policy'] };
}
