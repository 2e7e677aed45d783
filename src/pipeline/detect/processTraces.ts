import type { DetectionState } from '../../analysis/detection/detectionState.ts';
import { changesIn, type Finding, findingTime } from '../../analysis/detection/finding.ts';
import { findUnreported, replay, withdrawClosedClasses } from '../../analysis/detection/replay.ts';
import { createDetectionState } from '../../analysis/detection/step.ts';
import { stepThrough } from '../../analysis/detection/stepThrough.ts';
import { restoreState } from '../../analysis/detection/storedState.ts';
import type { Test } from '../../model/test/test.ts';
import type { DetectionContext, DetectionResult } from './detectionContext.ts';
import { type DueGroup, loadTraces } from './detectionGroups.ts';

/** The state after the newest trace, and the findings of the traces. */
export interface ProcessedTraces extends Pick<DetectionResult, 'isCheckpoint' | 'replayed'> {
  readonly state: DetectionState;
  readonly newFindings: readonly Finding[];
}

/**
 * Passes the new traces of a test through the detection, or replays it from before late arrivals.
 */
export function processTraces(group: DueGroup, context: DetectionContext): ProcessedTraces {
  const { test, lateAt } = group;
  const checkpoint =
    lateAt === null ? null : context.store.lateArrivals.checkpointBefore(test.id, lateAt);
  const before = restoreAs(test.id, checkpoint?.engine);
  if (checkpoint === null || before === null) return continueDetection(group, context);
  return replayDetection(group, before, checkpoint.until, context);
}

function continueDetection(
  group: DueGroup,
  { store, responders, replaySpanSeconds, settings }: DetectionContext,
): ProcessedTraces {
  const { test, until, newestAt } = group;
  const { state: before, from } = loadState(store, test, until);
  const traces = loadTraces({ traces: store.readTracesOnce }, group, from);
  const { state, findings } = stepThrough(before, traces, responders.of(test.keys), settings);
  const isNew = (finding: Finding) => until === null || findingTime(finding) > until;
  const isRebuilt = until !== null && from < until;
  const newFindings = findings.filter(isNew);
  if (isRebuilt) {
    const missedEnds = findings.filter((finding) => !isNew(finding)).flatMap(toWithdrawal);
    newFindings.push(...missedEnds, withdrawClosedClasses(state, newestAt));
  }
  const spanStartOf = (at: number) => spanStart(at, replaySpanSeconds, test.id);
  const isCheckpoint = until !== null && spanStartOf(until) < spanStartOf(newestAt);
  return { state, newFindings, isCheckpoint, replayed: null };
}

/**
 * The end that an earlier recovery shows: the changes of a test whose state was built anew may have
 * ended without notice.
 */
function toWithdrawal(finding: Finding): Finding[] {
  if (finding.kind !== 'change' || finding.change.class !== 'recovered') return [];
  const { testId, detectedAt: at, closes: classes } = finding.change;
  return [{ kind: 'withdrawn', testId, at, classes }];
}

/** Processes all traces after a checkpoint again; `since` is its last trace, epoch seconds. */
function replayDetection(
  group: DueGroup,
  before: DetectionState,
  since: number,
  { store, responders, replaySpanSeconds, queuedFindings, settings }: DetectionContext,
): ProcessedTraces {
  const { test, newestAt } = group;
  const traces = loadTraces(store, group, since);
  const checkpointAt = spanStart(newestAt, replaySpanSeconds, test.id) - replaySpanSeconds;
  const { state, findings, checkpoint } = replay(before, traces, responders.of(test.keys), {
    checkpointAt,
    ...settings,
  });
  const reported = [
    ...store.changes.ofTest(test.id, since),
    ...changesIn(queuedFindings.get(test.id) ?? []),
  ];
  const newFindings = [
    ...findUnreported(findings, reported),
    withdrawClosedClasses(state, newestAt),
  ];
  return { state, newFindings, isCheckpoint: false, replayed: { since, checkpoint } };
}

/**
 * The start of the replay span around a moment. Tests are staggered, so no run saves all states.
 */
function spanStart(at: number, spanSeconds: number, testId: string): number {
  let offset = 0;
  for (const character of testId) offset = (31 * offset + character.charCodeAt(0)) % spanSeconds;
  return Math.floor((at - offset) / spanSeconds) * spanSeconds + offset;
}

/** A stored state; it may be from the time before the test became a part of another one. */
function restoreAs(testId: string, engine: unknown): DetectionState | null {
  const state = restoreState(engine);
  return state && { ...state, testId };
}

/** The stored state and its last trace; a new state, before all traces, if it cannot be read. */
function loadState(
  store: DetectionContext['store'],
  test: Test,
  until: number | null,
): { readonly state: DetectionState; readonly from: number } {
  const saved =
    until === null ? null : restoreAs(test.id, store.detectionStates.load(test.id)?.engine);
  if (saved !== null && until !== null) return { state: saved, from: until };
  const initialState = createDetectionState(test.id, test.destination.address);
  return { state: initialState, from: Number.NEGATIVE_INFINITY };
}
