import type { RouteVariant, State } from '../../model/analysis.ts';
import { isOverdue } from '../../model/overdue.ts';
import type { Test } from '../../model/test.ts';
import type { Failure, Interval } from '../../model/trace.ts';
import { detectNewLoss, detectSlowdown } from './degradation.ts';
import { findFlappingStart } from './flapping.ts';
import { failuresSince, intervalOf } from './freshness.ts';
import { findDeparture } from './routeDeparture.ts';
import * as reasons from './stateReason.ts';
import type { TraceStep } from './traceSteps.ts';

/**
 * The state of a test, since when it holds as far as the window shows (epoch seconds), and its
 * reason as one sentence.
 */
export interface StateVerdict {
  readonly state: State;
  readonly since: number | null;
  readonly reason: string;
}

/** The basis of the state. Steps ascend in time. */
export interface StateInput {
  readonly test: Test;
  readonly steps: readonly TraceStep[];
  /** By number. */
  readonly variants: readonly RouteVariant[];
  readonly usualVariant: RouteVariant | null;
  /** RTTs of the traces on the usual variant, ms. */
  readonly usualRtts: readonly number[];
  readonly failures: readonly Failure[];
  /** Why it is unknown whether traces reached the destination; null where it is known. */
  readonly reachUnknown: string | null;
  readonly window: Interval;
  readonly now: number;
}

function checkUnreached({ steps }: StateInput): StateVerdict | null {
  if (!steps.at(-1)?.outage) return null;
  const from = steps.findLastIndex(({ outage }) => !outage) + 1;
  const reason = reasons.unreachedReason(steps.slice(0, from), steps.slice(from));
  return { state: 'unreached', since: (steps[from] as TraceStep).at, reason };
}

function checkFailed({ steps, failures }: StateInput): StateVerdict | null {
  const since = failuresSince(failures, steps.at(-1)?.at ?? null);
  const [first] = since;
  if (first === undefined) return null;
  return { state: 'failed', since: first.at, reason: reasons.failedReason(since) };
}

function checkChanged({ steps, variants, window }: StateInput): StateVerdict | null {
  const found = findDeparture(steps, variants, window);
  if (found === null) return null;
  const since = steps.length - found.from;
  const reason = reasons.changedReason(found, since);
  return { state: 'changed', since: (steps[found.from] as TraceStep).at, reason };
}

function checkDegraded({ steps, usualRtts, usualVariant }: StateInput): StateVerdict | null {
  const slow = detectSlowdown(steps, usualRtts, usualVariant?.medianRttMs ?? null);
  if (slow !== null) {
    return { state: 'degraded', since: slow.since, reason: reasons.slowdownReason(slow) };
  }
  const loss = detectNewLoss(steps);
  return loss && { state: 'degraded', since: loss.since, reason: reasons.lossReason(loss) };
}

function checkFlapping({ steps, variants }: StateInput): StateVerdict | null {
  const from = findFlappingStart(steps);
  if (from < 0) return null;
  const reason = reasons.flappingReason(steps.slice(from), variants);
  return { state: 'flapping', since: (steps[from] as TraceStep).at, reason };
}

/** A destination that answers a smaller share of the traces counts as one that does not answer. */
const minAnsweringShare = 0.2;

/** Hardly any answer, or a single one that the last two traces did not repeat. */
function checkFiltered({ steps, reachUnknown }: StateInput): StateVerdict | null {
  const hits = steps.filter(({ reached }) => reached).length;
  const silent = hits < 2 && steps.length > 2 && !steps.slice(-2).some(({ reached }) => reached);
  if (hits / steps.length >= minAnsweringShare && !silent) return null;
  return {
    state: 'filtered',
    since: hits === 0 ? (steps[0] as TraceStep).at : null,
    reason: reachUnknown ?? reasons.filteredReason(hits, steps),
  };
}

function okVerdict({ steps, usualVariant }: StateInput): StateVerdict {
  return { state: 'ok', since: null, reason: reasons.okReason(steps, usualVariant) };
}

/**
 * Determines the state of a test. While results keep coming, the worst finding counts, in the order
 * of `states`, except that failures after the last trace come before a plain `ok` or `filtered`.
 * When a result is overdue, the present is unknown: `failed` if failures came last, else `stale`;
 * only an outage that was under way stays `unreached`. The reason names no time, so that it stays
 * the same from run to run.
 */
export function classifyState(input: StateInput): StateVerdict {
  const { steps, failures, now } = input;
  const last = steps.at(-1);
  const interval = intervalOf(input.test, steps);
  if (last === undefined) {
    return checkFailed(input) ?? { state: 'stale', since: null, reason: reasons.noTraceReason };
  }
  const outage = checkUnreached(input);
  if (outage !== null) return outage;
  if (isOverdue(now - last.at, interval)) {
    const newest = failuresSince(failures, last.at).at(-1)?.at ?? last.at;
    const failing = isOverdue(now - newest, interval) ? null : checkFailed(input);
    return failing ?? { state: 'stale', since: newest, reason: reasons.staleReason(interval) };
  }
  return (
    checkChanged(input) ??
    checkDegraded(input) ??
    checkFlapping(input) ??
    checkFailed(input) ??
    checkFiltered(input) ??
    okVerdict(input)
  );
}
