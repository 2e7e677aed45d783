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
import type { Responder, Trace } from '../../model/trace.ts';
import type { Store } from '../../store/store.ts';

/** What the configuration expects of paths. */
export interface PolicySet {
  readonly policies: readonly PolicyRule[];
  readonly groups: readonly TestGroup[];
}

/** A policy looks at so many of the newest traces. */
const policyTraceCount = 20;

/** What is known of a test after its newest trace. */
export interface PolicySubject {
  readonly test: Test;
  readonly state: DetectionState;
  /** Ascending; those that are new and, where they are few, some before them. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  /** What it broke so far; null for nothing. */
  readonly before: PolicyState | null;
}

/** What a test breaks now, and what there is to tell of it. */
export interface PolicyTracking {
  readonly state: PolicyState;
  readonly findings: readonly Finding[];
}

/** Whether anything is expected of a test: then its newest traces have to be looked at. */
export function hasPolicy(test: Test, { policies, groups }: PolicySet): boolean {
  return policies.length > 0 && Object.keys(expectationsOf(test, policies, groups)).length > 0;
}

/** So much before the newest traces tells what loss is usual. */
const usualWindowSeconds = 2 * 86_400;

/**
 * What is usual for a test. The detection counts traces that do not arrive; where several probes were sent at a time, a limit of
 * loss is about those.
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

/** Holds a test against what is expected of it; null where it has no trace. */
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
    usual: loadUsualFigures(store, subject, expected),
  };
  const found = evaluatePolicy(expected, input);
  const { state, changes } = trackPolicy(
    before ?? initialPolicyState,
    test.id,
    found,
    newest.startedAt,
  );
  return { state, findings: changes.map((change) => ({ kind: 'change', change, elements: [] })) };
}
