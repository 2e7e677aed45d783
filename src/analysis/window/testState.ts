import type { AcceptedChange } from '../../model/change/acceptance.ts';
import { type Change, type ChangeClass, severityRank } from '../../model/change/change.ts';
import type { RouteVariant, State } from '../../model/site/analysis.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import type { Test } from '../../model/test/test.ts';
import type { Failure, Trace } from '../../model/trace/trace.ts';
import { hasRhythm } from '../rhythm.ts';
import { failuresSince, intervalOf } from './freshness.ts';
import * as reasons from './stateReason.ts';
import type { TraceStep } from './traceSteps.ts';

/**
 * The state of a test, since when it holds (epoch seconds; null if no earlier state is known), and
 * its reason as one sentence.
 */
export interface StateVerdict {
  readonly state: State;
  readonly since: number | null;
  readonly reason: string;
}

/** Facts about a test at a moment, whatever window the pages show. */
export interface TestMemory {
  /** Its changes that have neither ended nor been accepted. */
  readonly openChanges: readonly Change[];
  /** Its changes that last, but that an operator has accepted as usual. */
  readonly acceptedChanges: readonly AcceptedChange[];
  /**
   * When the last of its changes ended or became usual, else when its results began, epoch seconds;
   * null if that is unknown.
   */
  readonly calmSince: number | null;
  /** Its newest trace; null for none, and if the store has deleted it. */
  readonly newest: Trace | null;
  /** Start of its newest trace, deleted or not, epoch seconds; null if it never had one. */
  readonly newestAt: number | null;
  /** Whether the destination answers, as the traces of the last day show. */
  readonly answers: boolean;
  /** It runs again and again, so a missing result is missed; else it was run by hand. */
  readonly hasRhythm: boolean;
  /** Its traces are those of two hosts; see `isSharedKey`. */
  readonly isMixed: boolean;
  /** Its failures of the last 30 days. */
  readonly failures: readonly Failure[];
}

/** The basis of the state. */
export interface StateInput extends TestMemory {
  readonly test: Test;
  /** The traces of the window, ascending: the reason describes them. */
  readonly steps: readonly TraceStep[];
  readonly usualVariant: RouteVariant | null;
  /** Epoch seconds. */
  readonly now: number;
}

/** The state that an open change of a class leads to. Freshness alone decides about `stale`. */
export const stateOfClass: Readonly<Partial<Record<ChangeClass, State>>> = {
  unreachable: 'unreached',
  inter_as: 'changed',
  intra_as: 'changed',
  loss: 'degraded',
  rtt_shift: 'degraded',
  mtu_drop: 'degraded',
  policy: 'degraded',
  flap: 'flapping',
};

/** A destination that answers a smaller share of the traces counts as one that does not answer. */
const minAnsweringShare = 0.2;

/** The state that the open changes of some classes lead to; null if none is open. */
function stateOfChanges({ openChanges }: StateInput, state: State): StateVerdict | null {
  const changes = openChanges
    .filter((change) => stateOfClass[change.class] === state)
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  if (changes.length === 0) return null;
  const since = Math.min(...changes.map(({ onset }) => onset.by));
  return { state, since, reason: reasons.changesReason(changes) };
}

/** Results of two hosts say nothing about a pair. */
function checkMixed({ isMixed }: StateInput): StateVerdict | null {
  return isMixed ? { state: 'untested', since: null, reason: reasons.mixedReason } : null;
}

function checkUnreached(input: StateInput): StateVerdict | null {
  const verdict = stateOfChanges(input, 'unreached');
  return (
    verdict && { ...verdict, reason: reasons.unreachedReason(input.openChanges, input.newest) }
  );
}

function checkFailed({ newestAt, failures }: StateInput): StateVerdict | null {
  const since = failuresSince(failures, newestAt);
  const [first] = since;
  if (first === undefined) return null;
  return { state: 'failed', since: first.at, reason: reasons.failedReason(since) };
}

/**
 * No new result is due, or the present is unknown: `failed` if failures came last, else `stale`.
 */
function checkStale(input: StateInput): StateVerdict | null {
  const { newestAt, failures, now } = input;
  if (newestAt !== null && !input.hasRhythm) return null;
  const interval = intervalOf(input.test);
  const isMissing = (at: number) => isOverdue(now - at, interval);
  if (newestAt !== null && !isMissing(newestAt)) return null;
  const lastFailure = failuresSince(failures, newestAt).at(-1);
  const failed = lastFailure === undefined || isMissing(lastFailure.at) ? null : checkFailed(input);
  if (failed !== null) return failed;
  if (newestAt === null) return { state: 'stale', since: null, reason: reasons.noTraceReason };
  const reason = reasons.staleReason(interval, input.test.intervalSeconds === null);
  return { state: 'stale', since: newestAt, reason };
}

/** Changes last, but an operator has accepted them; `since` the latest acceptance. */
function checkAccepted({ acceptedChanges }: StateInput): StateVerdict | null {
  if (acceptedChanges.length === 0) return null;
  const since = Math.max(...acceptedChanges.map(({ acceptance }) => acceptance.at));
  return { state: 'accepted', since, reason: reasons.acceptedReason(acceptedChanges) };
}

/** A test is silent, an operator has accepted that, and nothing else was open before. */
function checkAcceptedSilence(input: StateInput): StateVerdict | null {
  const { acceptedChanges, openChanges } = input;
  const isSilence = acceptedChanges.some(({ change }) => change.class === 'vanished');
  const isAccepted = isSilence && openChanges.every((change) => change.class === 'vanished');
  return isAccepted && checkStale(input) !== null ? checkAccepted(input) : null;
}

function checkFiltered({ answers, newest, steps, calmSince }: StateInput): StateVerdict | null {
  if (answers) return null;
  return { state: 'filtered', since: calmSince, reason: reasons.filteredReason(newest, steps) };
}

function okVerdict({ steps, usualVariant, calmSince }: StateInput): StateVerdict {
  return { state: 'ok', since: calmSince, reason: reasons.okReason(steps, usualVariant) };
}

/**
 * Determines the state of a test: what the detection holds open decides, worst first, in the order
 * of `states`. When a result is overdue, the present is unknown, except that an outage lasts until
 * a result shows its end, and that an accepted silence is no news. Failures after the last trace
 * come before a plain `accepted`, `filtered` or `ok`. The state does not depend on the window; the
 * reason names no age, so that it stays the same from run to run.
 */
export function classifyState(input: StateInput): StateVerdict {
  return (
    checkMixed(input) ??
    checkUnreached(input) ??
    checkAcceptedSilence(input) ??
    checkStale(input) ??
    stateOfChanges(input, 'changed') ??
    stateOfChanges(input, 'degraded') ??
    stateOfChanges(input, 'flapping') ??
    checkFailed(input) ??
    checkAccepted(input) ??
    checkFiltered(input) ??
    okVerdict(input)
  );
}

/** Facts about a test without an open change, from its window alone; `traces` ascend. */
export function memoryOfWindow(traces: readonly Trace[], failures: readonly Failure[]): TestMemory {
  const newest = traces.at(-1) ?? null;
  return {
    openChanges: [],
    acceptedChanges: [],
    calmSince: null,
    newest,
    newestAt: newest?.startedAt ?? null,
    answers: doesAnswer(traces),
    hasRhythm: hasRhythm(traces, null),
    isMixed: false,
    failures,
  };
}

/** Whether a destination answers; hardly any answer, or one that was not repeated, is none. */
export function doesAnswer(traces: readonly Trace[]): boolean {
  const reached = traces.map(({ route }) => route.reached);
  const hits = reached.filter(Boolean).length;
  const isSingle = hits < 2 && reached.length > 2 && !reached.slice(-2).some(Boolean);
  return !isSingle && hits >= minAnsweringShare * reached.length;
}
