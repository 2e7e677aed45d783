import { blankChange } from '../../model/blankChange.ts';
import { type Change, type Severity, severities } from '../../model/change.ts';
import { type PolicyFinding, ruleSeverities } from './policy.ts';

/** The rules that a test breaks now, and since when (epoch seconds). Plain JSON, kept between runs. */
export interface PolicyState {
  readonly version: 1;
  readonly broken: Readonly<Record<string, number>>;
}

/** No rule is broken. */
export const initialPolicyState: PolicyState = { version: 1, broken: {} };

/** The state to go on with, and what there is to tell. */
export interface PolicyStep {
  readonly state: PolicyState;
  readonly changes: readonly Change[];
}

/**
 * Takes in what a policy says of a test at its newest trace. Rules newly broken are told in one change; another one tells that all
 * of them are kept again. What is unknown stays as it was; a rule that is no longer in the configuration is broken no more.
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

/** One change for rules broken at the same time: the worst in words, the others named. */
function policyBreached(testId: string, findings: readonly PolicyFinding[], at: number): Change {
  const [first, ...others] = findings.toSorted(
    (a, b) => rank(ruleSeverities[a.rule]) - rank(ruleSeverities[b.rule]),
  );
  const worst = first as PolicyFinding;
  const more = others.length === 0 ? '' : ` (also ${others.map(keyOf).join(', ')})`;
  const found = worst.outcome.kind === 'broken' ? worst.outcome.found : '';
  return {
    ...blankChange(testId, 'policy', ruleSeverities[worst.rule], at),
    policy: { rule: worst.rule, expected: worst.expected, found: `${found}${more}` },
  };
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}

function policyRecovered(testId: string, at: number): Change {
  // A route may recover at the same trace.
  const id = `${testId}@${at}-policy-recovered`;
  return { ...blankChange(testId, 'recovered', 'info', at), id, closes: ['policy'] };
}
