import type { DetectionState } from '../../analysis/detection/detectionState.ts';
import { type Finding, findingTime } from '../../analysis/detection/finding.ts';
import { reassess } from '../../analysis/detection/reassess.ts';
import { acceptClosedClasses, findUnreported, replay } from '../../analysis/detection/replay.ts';
import { createDetectionState } from '../../analysis/detection/step.ts';
import { stepThrough } from '../../analysis/detection/stepThrough.ts';
import { restoreState, serializeState } from '../../analysis/detection/storedState.ts';
import { usualElements } from '../../analysis/detection/usualFigures.ts';
import { mergeTraces } from '../../analysis/duplicateTests.ts';
import type { PolicyState } from '../../analysis/policy/trackPolicy.ts';
import type { Change } from '../../model/change.ts';
import type { DetectionCheckpoint } from '../../model/detectionCheckpoint.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { StoredDetection } from '../../store/alerts/detectionStates.ts';
import type { Store } from '../../store/store.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import type { StoredTest } from '../../store/traces/tests.ts';
import type { DetectionGroup } from './detectTests.ts';
import { hasPolicy, type PolicySet, type PolicyTracking, trackTestPolicy } from './testPolicy.ts';

/** A test that has traces. */
export type DueGroup = DetectionGroup & { readonly newestAt: number };

/** What is known when the detection begins. */
export interface DetectionContext {
  readonly store: Pick<
    Store,
    'detectionStates' | 'lateArrivals' | 'changes' | 'traces' | 'readTracesOnce'
  >;
  readonly policy: PolicySet;
  /** Results may come so late that what was found is looked at again. */
  readonly replaySpanSeconds: number;
  readonly responders: ReadonlyMap<string, Responder>;
  /** Epoch seconds. */
  readonly now: number;
  /** By test id, since when people are told of it; epoch seconds. */
  readonly watchedSince: ReadonlyMap<string, number>;
  /** Ids of tests that were under a policy before. */
  readonly underPolicy: ReadonlySet<string>;
  /** By test id: changes of route that last, and findings that a run that was stopped has left. */
  readonly openRouteChanges: ReadonlyMap<string, readonly Change[]>;
  readonly queuedFindings: ReadonlyMap<string, readonly Finding[]>;
}

/** What there is to keep of a test. */
export interface DetectionResult {
  readonly testId: string;
  readonly detection: StoredDetection;
  /** The state before is one to go back to when traces come late. */
  readonly isCheckpoint: boolean;
  /** What takes the place of all earlier states after `since` (epoch seconds); null where no trace came late. */
  readonly replayed: {
    readonly since: number;
    readonly checkpoint: DetectionCheckpoint | null;
  } | null;
  /** Since when people are told of it, epoch seconds; null where the store knows. */
  readonly watchFrom: number | null;
  /** null where no policy is about it. */
  readonly policyState: PolicyState | null;
  readonly findings: readonly Finding[];
}

/** Takes the new traces of a test through the detection. Only reads the store; what is to be kept of it has to be kept at once. */
export function detectTest(group: DueGroup, context: DetectionContext): DetectionResult {
  const { now, watchedSince } = context;
  const { lead, newestAt } = group;
  const { state, newFindings, isCheckpoint, replayed } = processTraces(group, context);
  const policyResult = evaluateTestPolicy(group, state, context);
  return {
    testId: lead.id,
    detection: { until: newestAt, elements: usualElements(state), engine: serializeState(state) },
    ...{ isCheckpoint, replayed },
    watchFrom: watchedSince.has(lead.id) ? null : computeWatchFrom(lead, newestAt, now),
    policyState: policyResult?.state ?? null,
    findings: [
      ...newFindings,
      ...reassessVerdicts(group, newFindings, context),
      ...(policyResult?.findings ?? []),
    ],
  };
}

/** What the traces of a test have told, with what is to be kept because of it. */
interface ProcessedTraces extends Pick<DetectionResult, 'isCheckpoint' | 'replayed'> {
  readonly state: DetectionState;
  readonly newFindings: readonly Finding[];
}

function processTraces(group: DueGroup, context: DetectionContext): ProcessedTraces {
  const { lead, lateAt } = group;
  const checkpoint =
    lateAt === null ? null : context.store.lateArrivals.checkpointBefore(lead.id, lateAt);
  const before = restoreState(checkpoint?.engine);
  if (checkpoint === null || before === null) return continueDetection(group, context);
  return replayDetection(group, before, checkpoint.until, context);
}

function continueDetection(
  group: DueGroup,
  { store, responders, replaySpanSeconds }: DetectionContext,
): ProcessedTraces {
  const { lead, until, newestAt } = group;
  const { state: before, from } = loadState(store, lead, until);
  const traces = loadTraces({ traces: store.readTracesOnce }, group, from);
  const { state, findings } = stepThrough(before, traces, responders);
  const newFindings = findings.filter((finding) => until === null || findingTime(finding) > until);
  const spanStartOf = (at: number) => spanStart(at, replaySpanSeconds, lead.id);
  const isCheckpoint = until !== null && spanStartOf(until) < spanStartOf(newestAt);
  return { state, newFindings, isCheckpoint, replayed: null };
}

/** Traces have come late: what came after them is looked at again. */
function replayDetection(
  group: DueGroup,
  before: DetectionState,
  since: number,
  { store, responders, replaySpanSeconds, queuedFindings }: DetectionContext,
): ProcessedTraces {
  const { lead, newestAt } = group;
  const traces = loadTraces(store, group, since);
  const checkpointAt = spanStart(newestAt, replaySpanSeconds, lead.id) - replaySpanSeconds;
  const { state, findings, checkpoint } = replay(before, traces, responders, checkpointAt);
  const reported = [
    ...store.changes.ofTest(lead.id, since),
    ...changesIn(queuedFindings.get(lead.id) ?? []),
  ];
  const newFindings = [...findUnreported(findings, reported), acceptClosedClasses(state, newestAt)];
  return { state, newFindings, isCheckpoint: false, replayed: { since, checkpoint } };
}

/** Start of the span of so many seconds in which a moment lies. Tests take turns: no run has to keep the states of all. */
function spanStart(at: number, spanSeconds: number, testId: string): number {
  let offset = 0;
  for (const character of testId) offset = (31 * offset + character.charCodeAt(0)) % spanSeconds;
  return Math.floor((at - offset) / spanSeconds) * spanSeconds + offset;
}

function changesIn(findings: readonly Finding[]): Change[] {
  return findings.flatMap((finding) => (finding.kind === 'change' ? finding.change : []));
}

/** The verdicts that are known better now. */
function reassessVerdicts(
  group: DueGroup,
  newFindings: readonly Finding[],
  { store, openRouteChanges, queuedFindings }: DetectionContext,
): Finding[] {
  const { lead, newestAt, until } = group;
  const findings = [...(queuedFindings.get(lead.id) ?? []), ...newFindings];
  const changes = [...(openRouteChanges.get(lead.id) ?? []), ...changesIn(findings)];
  return reassess({
    changes,
    findings,
    from: until ?? Number.NEGATIVE_INFINITY,
    to: newestAt,
    intervalSeconds: lead.intervalSeconds ?? defaultIntervalSeconds,
    loadTraces: (start, end) =>
      loadTraces(store, { ...group, newestAt: end }, Math.max(0, start) - startResolution),
  });
}

/** The state to go on with, and the trace after which; from the beginning where none is kept that this version understands. */
function loadState(
  store: DetectionContext['store'],
  lead: StoredTest,
  until: number | null,
): { readonly state: DetectionState; readonly from: number } {
  const saved = until === null ? null : restoreState(store.detectionStates.load(lead.id)?.engine);
  if (saved !== null && until !== null) return { state: saved, from: until };
  const initialState = createDetectionState(lead.id, lead.destination.address);
  return { state: initialState, from: Number.NEGATIVE_INFINITY };
}

function loadTraces(
  store: Pick<Store, 'traces'>,
  { all, newestAt }: DueGroup,
  after: number,
): readonly Trace[] {
  const window = { from: Math.max(0, after), to: newestAt };
  const traces = mergeTraces(all.map(({ id }) => store.traces(id, window)));
  return traces.filter(({ startedAt }) => startedAt > after);
}

const defaultIntervalSeconds = 600;
const minDelaySeconds = 3600;

/**
 * Since when people are told of a test: what came before was replayed. Results that are missing of the time since then, as after
 * an archive's failure, are the past as well.
 */
function computeWatchFrom({ intervalSeconds }: StoredTest, newestAt: number, now: number): number {
  const delay = Math.max(2 * (intervalSeconds ?? defaultIntervalSeconds), minDelaySeconds);
  return Math.max(newestAt + 1, now - delay);
}

/** A policy looks at some traces before the newest. */
const policyIntervals = 25;

/** null where nothing is nor was expected of the test. */
function evaluateTestPolicy(
  group: DueGroup,
  state: DetectionState,
  { store, policy, underPolicy, responders }: DetectionContext,
): PolicyTracking | null {
  const { lead: test, newestAt } = group;
  const wasUnderPolicy = underPolicy.has(test.id);
  if (!wasUnderPolicy && !hasPolicy(test, policy)) return null;
  const before = wasUnderPolicy
    ? (store.detectionStates.policyState(test.id) as PolicyState)
    : null;
  const traceSeconds = policyIntervals * (test.intervalSeconds ?? defaultIntervalSeconds);
  const traces = loadTraces(store, group, newestAt - traceSeconds);
  return trackTestPolicy(store, { test, state, traces, responders, before }, policy);
}
