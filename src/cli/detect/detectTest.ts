import { keepState, recallState } from '../../analysis/detection/keptState.ts';
import type { TestState } from '../../analysis/detection/state.ts';
import { createTestState } from '../../analysis/detection/step.ts';
import { usualElements } from '../../analysis/detection/usual.ts';
import type { PolicyState } from '../../analysis/policy/track.ts';
import type { Change } from '../../model/change.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { KeptDetection } from '../../store/detections.ts';
import type { PastDetection } from '../../store/lateness.ts';
import { startResolution } from '../../store/spans.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/tests.ts';
import { mergedTraces } from '../twins.ts';
import type { WatchedGroup } from './detectTests.ts';
import { atOf, type Finding } from './finding.ts';
import { ended, lookAgain, untold } from './lookAgain.ts';
import { type FollowedPolicy, followPolicy, isUnderPolicy, type Policy } from './policyOf.ts';
import { ripen } from './ripen.ts';
import { stepThrough } from './stepThrough.ts';

/** A test that has traces. */
export type DueGroup = WatchedGroup & { readonly newestAt: number };

/** What is known when the detection begins. */
export interface Detecting {
  readonly store: Pick<Store, 'detections' | 'lateness' | 'changes' | 'traces' | 'newTraces'>;
  readonly policy: Policy;
  /** Results may come so late that what was found is looked at again. */
  readonly againSeconds: number;
  readonly responders: ReadonlyMap<string, Responder>;
  /** Epoch seconds. */
  readonly now: number;
  /** By test id, since when people are told of it; epoch seconds. */
  readonly watchedSince: ReadonlyMap<string, number>;
  /** Ids of tests that were under a policy before. */
  readonly underPolicy: ReadonlySet<string>;
  /** By test id: changes of route that last, and findings that a run that was stopped has left. */
  readonly lasting: ReadonlyMap<string, readonly Change[]>;
  readonly waiting: ReadonlyMap<string, readonly Finding[]>;
}

/** What there is to keep of a test. */
export interface Detected {
  readonly testId: string;
  readonly kept: KeptDetection;
  /** The state before is one to go back to when traces come late. */
  readonly isPast: boolean;
  /** What takes the place of all earlier states after `since` (epoch seconds); null where no trace came late. */
  readonly again: { readonly since: number; readonly past: PastDetection | null } | null;
  /** Since when people are told of it, epoch seconds; null where the store knows. */
  readonly watchFrom: number | null;
  /** null where no policy is about it. */
  readonly policyState: PolicyState | null;
  readonly findings: readonly Finding[];
}

/** Takes the new traces of a test through the detection. Only reads the store; what is to be kept of it has to be kept at once. */
export function detectTest(group: DueGroup, detecting: Detecting): Detected {
  const { now, watchedSince } = detecting;
  const { lead, newestAt } = group;
  const { state, fresh, isPast, again } = look(group, detecting);
  const followed = pathPolicy(group, state, detecting);
  return {
    testId: lead.id,
    kept: { until: newestAt, elements: usualElements(state), engine: keepState(state) },
    ...{ isPast, again },
    watchFrom: watchedSince.has(lead.id) ? null : watchFrom(lead, newestAt, now),
    policyState: followed?.state ?? null,
    findings: [...fresh, ...ripened(group, fresh, detecting), ...(followed?.findings ?? [])],
  };
}

/** What the traces of a test have told, with what is to be kept because of it. */
interface Looked extends Pick<Detected, 'isPast' | 'again'> {
  readonly state: TestState;
  readonly fresh: readonly Finding[];
}

function look(group: DueGroup, detecting: Detecting): Looked {
  const { lead, lateAt } = group;
  const past = lateAt === null ? null : detecting.store.lateness.before(lead.id, lateAt);
  const before = recallState(past?.engine);
  if (past === null || before === null) return goOn(group, detecting);
  return goBack(group, before, past.until, detecting);
}

function goOn(group: DueGroup, { store, responders, againSeconds }: Detecting): Looked {
  const { lead, until, newestAt } = group;
  const { state: before, from } = stateOf(store, lead, until);
  const traces = tracesOf({ traces: store.newTraces }, group, from);
  const { state, findings } = stepThrough(before, traces, responders);
  const fresh = findings.filter((finding) => until === null || atOf(finding) > until);
  const spanOf = (at: number) => startOfSpan(at, againSeconds, lead.id);
  const isPast = until !== null && spanOf(until) < spanOf(newestAt);
  return { state, fresh, isPast, again: null };
}

/** Traces have come late: what came after them is looked at again. */
function goBack(
  group: DueGroup,
  before: TestState,
  since: number,
  { store, responders, againSeconds, waiting }: Detecting,
): Looked {
  const { lead, newestAt } = group;
  const traces = tracesOf(store, group, since);
  const settled = startOfSpan(newestAt, againSeconds, lead.id) - againSeconds;
  const { state, findings, past } = lookAgain(before, traces, responders, settled);
  const told = [...store.changes.ofTest(lead.id, since), ...changesOf(waiting.get(lead.id) ?? [])];
  const fresh = [...untold(findings, told), ended(state, newestAt)];
  return { state, fresh, isPast: false, again: { since, past } };
}

/** Start of the span of so many seconds in which a moment lies. Tests take turns: no run has to keep the states of all. */
function startOfSpan(at: number, length: number, testId: string): number {
  let turn = 0;
  for (const character of testId) turn = (31 * turn + character.charCodeAt(0)) % length;
  return Math.floor((at - turn) / length) * length + turn;
}

function changesOf(findings: readonly Finding[]): Change[] {
  return findings.flatMap((finding) => (finding.kind === 'change' ? finding.change : []));
}

/** The verdicts that are known better now. */
function ripened(
  group: DueGroup,
  fresh: readonly Finding[],
  { store, lasting, waiting }: Detecting,
): Finding[] {
  const { lead, newestAt, until } = group;
  const findings = [...(waiting.get(lead.id) ?? []), ...fresh];
  const changes = [...(lasting.get(lead.id) ?? []), ...changesOf(findings)];
  return ripen({
    changes,
    findings,
    from: until ?? Number.NEGATIVE_INFINITY,
    to: newestAt,
    intervalSeconds: lead.intervalSeconds ?? usualIntervalSeconds,
    tracesOf: (start, end) =>
      tracesOf(store, { ...group, newestAt: end }, Math.max(0, start) - startResolution),
  });
}

/** The state to go on with, and the trace after which; from the beginning where none is kept that this version understands. */
function stateOf(
  store: Detecting['store'],
  lead: StoredTest,
  until: number | null,
): { readonly state: TestState; readonly from: number } {
  const kept = until === null ? null : recallState(store.detections.load(lead.id)?.engine);
  if (kept !== null && until !== null) return { state: kept, from: until };
  const fresh = createTestState(lead.id, lead.destination.address);
  return { state: fresh, from: Number.NEGATIVE_INFINITY };
}

function tracesOf(
  store: Pick<Store, 'traces'>,
  { all, newestAt }: DueGroup,
  after: number,
): readonly Trace[] {
  const window = { from: Math.max(0, after), to: newestAt };
  const traces = mergedTraces(all.map(({ id }) => store.traces(id, window)));
  return traces.filter(({ startedAt }) => startedAt > after);
}

const usualIntervalSeconds = 600;
const longestDelaySeconds = 3600;

/**
 * Since when people are told of a test: what came before was replayed. Results that are missing of the time since then, as after
 * an archive's failure, are the past as well.
 */
function watchFrom({ intervalSeconds }: StoredTest, newestAt: number, now: number): number {
  const delay = Math.max(2 * (intervalSeconds ?? usualIntervalSeconds), longestDelaySeconds);
  return Math.max(newestAt + 1, now - delay);
}

/** A policy looks at some traces before the newest. */
const intervalsSeen = 25;

/** null where nothing is nor was expected of the test. */
function pathPolicy(
  group: DueGroup,
  state: TestState,
  { store, policy, underPolicy, responders }: Detecting,
): FollowedPolicy | null {
  const { lead: test, newestAt } = group;
  const wasUnder = underPolicy.has(test.id);
  if (!wasUnder && !isUnderPolicy(test, policy)) return null;
  const before = wasUnder ? (store.detections.policy(test.id) as PolicyState) : null;
  const length = intervalsSeen * (test.intervalSeconds ?? usualIntervalSeconds);
  const traces = tracesOf(store, group, newestAt - length);
  return followPolicy(store, { test, state, traces, responders, before }, policy);
}
