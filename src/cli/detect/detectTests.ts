import { setImmediate } from 'node:timers/promises';
import { keepState, recallState } from '../../analysis/detection/keptState.ts';
import type { TestState } from '../../analysis/detection/state.ts';
import { createTestState } from '../../analysis/detection/step.ts';
import { usualElements } from '../../analysis/detection/usual.ts';
import type { Change } from '../../model/change.ts';
import type { Problem } from '../../model/problem.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/tests.ts';
import { containedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { mergedTraces, twins } from '../twins.ts';
import { atOf, type Finding, routeClasses, testOf } from './finding.ts';
import { followPolicy, isUnderPolicy, type Policy } from './policyOf.ts';
import { ripen } from './ripen.ts';
import { stepThrough } from './stepThrough.ts';

/** A test as all archives that keep it know it, and which of them the detection goes by. */
export interface WatchedGroup {
  readonly lead: StoredTest;
  readonly all: readonly StoredTest[];
  /** Start of the newest trace of any of them, or the moment where that is earlier; null without one. */
  readonly newestAt: number | null;
  /** How far the detection has come; null: it has seen nothing. */
  readonly until: number | null;
}

/** All tests, each once, whatever the number of archives that keep it, as of a moment (epoch seconds). */
export function watchedGroups(store: Store, now: number): WatchedGroup[] {
  const untils = store.detections.untils();
  return twins(store.tests()).flatMap((all) => {
    const lead = all.find(({ id }) => untils.has(id)) ?? all[0];
    if (lead === undefined) return [];
    const starts = all.flatMap(({ newestTraceAt }) => newestTraceAt ?? []);
    const newestAt = starts.length === 0 ? null : Math.min(now, Math.max(...starts));
    return [{ lead, all, newestAt, until: untils.get(lead.id) ?? null }];
  });
}

/** Tests in one transaction: enough to make it worth its while, few enough to be stopped soon. */
const testsAtATime = 20;

/**
 * Takes every trace that is newer than what the detection has seen through it. What it finds waits in the store, together with
 * the state that it came from, so that a process that is killed neither loses nor repeats anything. A mistake of our own is a
 * problem of the one test.
 */
export async function detectTests(
  store: Store,
  groups: readonly WatchedGroup[],
  policy: Policy,
  session: Session,
): Promise<Problem[]> {
  const due = groups.filter(
    ({ newestAt, until }) => newestAt !== null && newestAt > (until ?? Number.NEGATIVE_INFINITY),
  );
  if (due.length === 0) return [];
  const problems: Problem[] = [];
  const detecting: Detecting = {
    store,
    policy,
    responders: store.responders(),
    now: session.now,
    lasting: Map.groupBy(store.changes.lasting(routeClasses), ({ testId }) => testId),
    waiting: Map.groupBy(store.detections.queued() as Finding[], testOf),
  };
  const display = session.progress.phase('changes', due.length);
  for (let from = 0; from < due.length; from += testsAtATime) {
    session.signal.throwIfAborted();
    const some = due.slice(from, from + testsAtATime);
    store.transaction(() => {
      for (const group of some) {
        try {
          store.transaction(() => detectTest(group, detecting));
        } catch (error) {
          problems.push(containedProblem(error, group.lead.id, session));
        }
      }
    });
    display.step(some.length);
    await setImmediate();
  }
  return problems;
}

/** What is known when the detection begins. */
interface Detecting {
  readonly store: Store;
  readonly policy: Policy;
  readonly responders: ReadonlyMap<string, Responder>;
  /** Epoch seconds. */
  readonly now: number;
  /** By test id: changes of route that last, and findings that a run that was stopped has left. */
  readonly lasting: ReadonlyMap<string, readonly Change[]>;
  readonly waiting: ReadonlyMap<string, readonly Finding[]>;
}

function detectTest(group: WatchedGroup, detecting: Detecting): void {
  const { store, policy, responders, now } = detecting;
  const { lead, until } = group;
  const newestAt = group.newestAt as number;
  const { state: before, from } = stateOf(store, lead, until);
  const traces = tracesOf(store, group, from);
  const { state, findings } = stepThrough(before, traces, responders);
  const fresh = findings.filter((finding) => until === null || atOf(finding) > until);
  store.detections.save(lead.id, {
    until: newestAt,
    elements: usualElements(state),
    engine: keepState(state),
  });
  store.detections.watchFrom(lead.id, watchFrom(lead, newestAt, now));
  store.detections.queue([
    ...fresh,
    ...ripened(group, fresh, detecting),
    ...policyFindings(store, group, state, policy, responders),
  ]);
}

/** The verdicts that are known better now. */
function ripened(
  group: WatchedGroup,
  fresh: readonly Finding[],
  { store, lasting, waiting }: Detecting,
): Finding[] {
  const { lead, newestAt, until } = group;
  const findings = [...(waiting.get(lead.id) ?? []), ...fresh];
  const changes = [
    ...(lasting.get(lead.id) ?? []),
    ...findings.flatMap((finding) => (finding.kind === 'change' ? finding.change : [])),
  ];
  return ripen({
    changes,
    findings,
    from: until ?? Number.NEGATIVE_INFINITY,
    to: newestAt ?? 0,
    intervalSeconds: lead.intervalSeconds ?? usualIntervalSeconds,
    tracesOf: (start, end) =>
      tracesOf(store, { ...group, newestAt: end }, Math.max(0, start) - 0.001),
  });
}

/** The state to go on with, and the trace after which; from the beginning where none is kept that this version understands. */
function stateOf(
  store: Store,
  lead: StoredTest,
  until: number | null,
): { readonly state: TestState; readonly from: number } {
  const kept = until === null ? null : recallState(store.detections.load(lead.id)?.engine);
  if (kept !== null && until !== null) return { state: kept, from: until };
  const fresh = createTestState(lead.id, lead.destination.address);
  return { state: fresh, from: Number.NEGATIVE_INFINITY };
}

function tracesOf(store: Store, { all, newestAt }: WatchedGroup, after: number): readonly Trace[] {
  const window = { from: Math.max(0, after), to: newestAt ?? 0 };
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

function policyFindings(
  store: Store,
  group: WatchedGroup,
  state: TestState,
  policy: Policy,
  responders: ReadonlyMap<string, Responder>,
): Finding[] {
  const { lead: test, newestAt } = group;
  if (!isUnderPolicy(store, test, policy)) return [];
  const length = intervalsSeen * (test.intervalSeconds ?? usualIntervalSeconds);
  const traces = tracesOf(store, group, (newestAt ?? 0) - length);
  return followPolicy(store, { test, state, traces, responders }, policy);
}
