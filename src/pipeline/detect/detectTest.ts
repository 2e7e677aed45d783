import type { DetectionState } from '../../analysis/detection/detectionState.ts';
import { changesIn, type Finding } from '../../analysis/detection/finding.ts';
import { reassess } from '../../analysis/detection/reassess.ts';
import { serializeState } from '../../analysis/detection/storedState.ts';
import { usualElements } from '../../analysis/detection/usualFigures.ts';
import type { PolicyState } from '../../analysis/policy/trackPolicy.ts';
import { hourSeconds } from '../../model/values/time.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import type { DetectionContext, DetectionResult } from './detectionContext.ts';
import { type DueGroup, defaultIntervalSeconds, loadTraces } from './detectionGroups.ts';
import { processTraces } from './processTraces.ts';
import { hasPolicy, type PolicyTracking, trackTestPolicy } from './testPolicy.ts';

/** Detects changes of one test. Reads the store only; the caller stores the result at once. */
export function detectTest(group: DueGroup, context: DetectionContext): DetectionResult {
  const { test, newestAt } = group;
  const { state, newFindings, isCheckpoint, replayed } = processTraces(group, context);
  const policyTracking = evaluateTestPolicy(group, state, context);
  return {
    testId: test.id,
    detection: { until: newestAt, elements: usualElements(state), engine: serializeState(state) },
    isCheckpoint,
    replayed,
    watchFrom: context.watchedSince.has(test.id) ? null : computeWatchFrom(group, context.now),
    policyState: policyTracking?.state ?? null,
    findings: [
      ...newFindings,
      ...reassessVerdicts(group, newFindings, context),
      ...(policyTracking?.findings ?? []),
    ],
  };
}

/** Reassesses the verdicts of open route changes with the new samples. */
function reassessVerdicts(
  group: DueGroup,
  newFindings: readonly Finding[],
  { store, openRouteChanges, queuedFindings }: DetectionContext,
): Finding[] {
  const { test, newestAt, until } = group;
  const findings = [...(queuedFindings.get(test.id) ?? []), ...newFindings];
  return reassess({
    changes: [...(openRouteChanges.get(test.id) ?? []), ...changesIn(findings)],
    findings,
    from: until ?? Number.NEGATIVE_INFINITY,
    to: newestAt,
    intervalSeconds: test.intervalSeconds ?? defaultIntervalSeconds,
    loadTraces: (start, end) =>
      loadTraces(store, { ...group, newestAt: end }, Math.max(0, start) - startResolution),
  });
}

const minDelaySeconds = hourSeconds;

/**
 * Since when the changes of a test send notifications, epoch seconds. Everything before is history,
 * even results that are still missing because an archive failed.
 */
function computeWatchFrom({ test, newestAt }: DueGroup, now: number): number {
  const delay = Math.max(2 * (test.intervalSeconds ?? defaultIntervalSeconds), minDelaySeconds);
  return Math.max(newestAt + 1, now - delay);
}

/** A policy evaluates the traces of this many intervals. */
const policyIntervals = 25;

/** Tracks the policy of a test; null if it neither has nor had one. */
function evaluateTestPolicy(
  group: DueGroup,
  state: DetectionState,
  { store, policy, underPolicy, responders }: DetectionContext,
): PolicyTracking | null {
  const { test, newestAt } = group;
  const wasUnderPolicy = underPolicy.has(test.id);
  if (!wasUnderPolicy && !hasPolicy(test, policy)) return null;
  const before = wasUnderPolicy
    ? (store.detectionStates.policyState(test.id) as PolicyState)
    : null;
  const traceSeconds = policyIntervals * (test.intervalSeconds ?? defaultIntervalSeconds);
  const traces = loadTraces(store, group, newestAt - traceSeconds);
  const subject = { test, state, traces, responders: responders.of(test.keys), before };
  return trackTestPolicy(store, subject, policy);
}
