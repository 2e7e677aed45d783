import type { TestState } from '../../analysis/detection/state.ts';
import { usualFigures } from '../../analysis/detection/usual.ts';
import { evaluatePolicy } from '../../analysis/policy/evaluate.ts';
import { lossToEnd } from '../../analysis/policy/lossRules.ts';
import type { Observation } from '../../analysis/policy/observation.ts';
import type { Expectations, PolicyRule } from '../../analysis/policy/policy.ts';
import { expectationsOf } from '../../analysis/policy/rules.ts';
import { noBreach, type PolicyState, trackPolicy } from '../../analysis/policy/track.ts';
import type { TestGroup } from '../../model/selection.ts';
import type { Test } from '../../model/test.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { Store } from '../../store/store.ts';
import type { Finding } from './finding.ts';

/** What the configuration expects of paths. */
export interface Policy {
  readonly policies: readonly PolicyRule[];
  readonly groups: readonly TestGroup[];
}

/** A policy looks at so many of the newest traces. */
const tracesSeen = 20;

/** What is known of a test after its newest trace. */
export interface PolicySubject {
  readonly test: Test;
  readonly state: TestState;
  /** Ascending; those that are new and, where they are few, some before them. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  /** What it broke so far; null for nothing. */
  readonly before: PolicyState | null;
}

/** What a test breaks now, and what there is to tell of it. */
export interface FollowedPolicy {
  readonly state: PolicyState;
  readonly findings: readonly Finding[];
}

/** Whether anything is expected of a test: then its newest traces have to be looked at. */
export function isUnderPolicy(test: Test, { policies, groups }: Policy): boolean {
  return policies.length > 0 && Object.keys(expectationsOf(test, policies, groups)).length > 0;
}

/** So much before the newest traces tells what loss is usual. */
const usualSeconds = 2 * 86_400;

/**
 * What is usual for a test. The detection counts traces that do not arrive; where several probes were sent at a time, a limit of
 * loss is about those.
 */
function usualOf(
  store: Pick<Store, 'traces'>,
  { test, state, traces }: PolicySubject,
  { maxLossPct, maxHopLossPct }: Expectations,
): Observation['usual'] {
  const usual = usualFigures(state);
  const [first] = traces.slice(-tracesSeen);
  const isRelative = [maxLossPct, maxHopLossPct].some((limit) => typeof limit === 'object');
  if (!isRelative || first === undefined || first.probes === null) return usual;
  const window = { from: first.startedAt - usualSeconds, to: first.startedAt - 0.001 };
  return { ...usual, lossPct: lossToEnd(store.traces(test.id, window)) };
}

/** Holds a test against what is expected of it; null where it has no trace. */
export function followPolicy(
  store: Pick<Store, 'traces'>,
  subject: PolicySubject,
  { policies, groups }: Policy,
): FollowedPolicy | null {
  const { test, traces, responders, before } = subject;
  const newest = traces.at(-1);
  if (newest === undefined) return null;
  const expected = expectationsOf(test, policies, groups);
  const observation = {
    traces: traces.slice(-tracesSeen),
    responders,
    usual: usualOf(store, subject, expected),
  };
  const found = evaluatePolicy(expected, observation);
  const { state, changes } = trackPolicy(before ?? noBreach, test.id, found, newest.startedAt);
  return { state, findings: changes.map((change) => ({ kind: 'change', change, elements: [] })) };
}
