import type { DetectionState } from '../../analysis/detection/detectionState.ts';
import { usualFigures } from '../../analysis/detection/usualFigures.ts';
import { destinationLossPct } from '../../analysis/policy/lossRules.ts';
import type { Expectations } from '../../analysis/policy/policy.ts';
import type { PolicyInput } from '../../analysis/policy/policyInput.ts';
import type { PolicyState } from '../../analysis/policy/trackPolicy.ts';
import type { Test } from '../../model/test/test.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import type { Store } from '../../store/store.ts';

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

/** Input of a policy: the newest traces of a test and its usual figures. */
export function policyInput(
  store: Pick<Store, 'traces'>,
  subject: PolicySubject,
  expected: Expectations,
): PolicyInput {
  const { traces, responders } = subject;
  return {
    traces: traces.slice(-policyTraceCount),
    responders,
    usual: loadUsualFigures(store, subject, expected),
  };
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
