import type { DetectionState } from '../../analysis/detection/detectionState.ts';
import type { Finding } from '../../analysis/detection/finding.ts';
import { usualFigures } from '../../analysis/detection/usualFigures.ts';
import { evaluatePolicy } from '../../analysis/policy/evaluatePolicy.ts';
import { expectationsOf } from '../../analysis/policy/expectations.ts';
import { destinationLossPct } from '../../analysis/policy/lossRules.ts';
import type { Expectations, PolicyRule } from '../../analysis/policy/policy.ts';
import type { PolicyInput } from '../../analysis/policy/policyInput.ts';
import {
  initialPolicyState,
  type PolicyState,
  trackPolicy,
} from '../../analysis/policy/trackPolicy.ts';
import type { TestGroup } from '../../model/selection.ts';
import type { Test } from '../../model/test.ts';
import { daySeconds } from '../../model/time.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { Store } from '../../store/store.ts';

/** The policies of the configuration. */
export interface PolicySet {
  readonly policies: readonly PolicyRule[];
  readonly groups: readonly TestGroup[];
}

/** A policy judges this many of the newest traces. */
const policyTraceCount = 20;

/** A test after its newest trace, with the input of its policy. */
export interface PolicySubject {
  readonly test: Test;
  readonly state: DetectionState;
  /** The newest traces, ascending. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  /** The breaches so far; null without any. */
  readonly before: PolicyState | null;
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

/** The usual loss is that of this long before the newest traces. */
const usualWindowSeconds = 2 * daySeconds;

/**
 * The usual figures of a test. The detection counts whole traces as lost; for tools that send
 * several probes per trace, the usual loss counts probes.
 */
function loadUsualFigures(
  store: Pick<Store, 'traces'>,
  { test, state, traces }: PolicySubject,
  { maxLossPct, maxHopLossPct }: Expectations,
): PolicyInput['usual'] {
  const usual = usualFigures(state);
  const [first] = traces.slice(-policyTraceCount);
  const isRelative = [maxLossPct, maxHopLossPct].some((limit) => typeof limit === 'object');
  if (!isRelative || first === undefined || first.probes === null) return usual;
  const window = { from: first.startedAt - usualWindowSeconds, to: first.startedAt - 0.001 };
  return { ...usual, lossPct: destinationLossPct(store.traces(test.id, window)) };
}

/** Checks a test against its policies; null without a trace. */
export function trackTestPolicy(
  store: Pick<Store, 'traces'>,
  subject: PolicySubject,
  { policies, groups }: PolicySet,
): PolicyTracking | null {
  const { test, traces, responders, before } = subject;
  const newest = traces.at(-1);
  if (newest === undefined) return null;
  const expected = expectationsOf(test, policies, groups);
  const input = {
    traces: traces.slice(-policyTraceCount),
    responders,
    usual: before?.usual ?? loadUsualFigures(store, subject, expected),
  };
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
