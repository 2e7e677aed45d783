import { estimatedChance } from '../../../model/statistics.ts';
import type { LossState, ReachState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';

/** Evidence, nats, that the loss has risen. */
const alarmEvidence = 13.5;
/**
 * Additional evidence for each earlier alarm: a route with occasional loss has to lose more to be
 * reported again.
 */
const repeatEvidence = 6;
/**
 * Losses in a row beyond these are an outage, which another machine reports; so many certainly are.
 */
const countedInRow = 2;
const outageInRow = 7;
/** The loss to look for, as a share. */
const targetLoss = 0.25;
/** And at least so many times the usual loss, where that is more. */
const targetFactor = 2.5;
/** No route is assumed to lose less. */
const minLoss = 0.01;
/** A destination that misses more often limits its answers: its misses are no loss. */
const lossyDestination = 0.08;
/** Traces that show the usual loss, and the most that are remembered. */
const knownTraces = 60;
const memoryTraces = 300;
/**
 * Evidence, nats, that a loss is over: some 27 traces without a miss. A route that loses a quarter
 * of all traces has no such run of luck.
 */
const clearedEvidence = 7;
/** Traces from which the reported loss is computed. */
const lossTraces = 18;
/** A trace that loses this share of many probes counts like one that did not arrive. */
const lossyShare = 0.15;
/** Traces that `recent` and `shares` remember. */
const rememberedTraces = 24;
const rememberedBits = (1 << rememberedTraces) - 1;
/**
 * A loss goes on now: so many misses among so many of the newest traces, and among all remembered.
 */
const lastTraces = 8;
const minLastMisses = 2;
const minMisses = 4;
/** Losses in a row that look like the beginning of an outage, which another machine reports. */
const beginningOutage = 5;

/** The state before the first trace. */
export function createLossState(): LossState {
  return {
    open: null,
    recent: 0,
    inRow: 0,
    evidence: 0,
    misses: 0,
    traces: 0,
    pendingMisses: 0,
    pendingTraces: 0,
    alarms: 0,
  };
}

/**
 * Processes one trace: whether it reached the destination, and the share of its probes that was
 * lost (null where they are few). Returns `alarm` when the loss has just become too high, `clear`
 * when it is normal again. A cumulative sum of log-likelihood ratios between the usual loss and the
 * loss to look for; traces under suspicion do not count as usual.
 */
export function stepLoss(
  state: LossState,
  reach: ReachState,
  { reached, lostShare }: Pick<Observation, 'reached' | 'lostShare'>,
): 'alarm' | 'clear' | null {
  const missed = lostShare === null ? !reached : lostShare >= lossyShare;
  if (lostShare !== null)
    state.shares = [...(state.shares ?? []), lostShare].slice(-rememberedTraces);
  state.recent = ((state.recent << 1) | (missed ? 1 : 0)) & rememberedBits;
  state.inRow = reached ? 0 : state.inRow + 1;
  if (state.inRow >= outageInRow) discardSuspicion(state);
  if (reach.unreachable) return null;
  const usual = Math.max(minLoss, estimatedChance(state.misses, state.traces));
  addEvidence(state, missed, usual);
  if (state.traces < knownTraces || usual > lossyDestination) {
    learnUsual(state);
    return null;
  }
  if (state.evidence === 0 && state.open === null) learnUsual(state);
  return state.open === null ? checkRise(state, missed) : checkFall(state, missed, usual);
}

function checkRise(state: LossState, missed: boolean): 'alarm' | null {
  if (!missed || state.evidence < alarmEvidence + repeatEvidence * state.alarms) return null;
  if (missesAmong(state, lastTraces) < minLastMisses) return null;
  if (missesAmong(state, rememberedTraces) < minMisses) return null;
  if (state.inRow >= beginningOutage) return null;
  state.alarms++;
  state.recoveryEvidence = 0;
  return 'alarm';
}

/**
 * Ends a loss by the same odds as the alarm. Loss that recurs is normal for the route and is
 * learned.
 */
function checkFall(state: LossState, missed: boolean, usual: number): 'clear' | null {
  const target = targetLossAbove(usual);
  const evidence = missed ? Math.log(usual / target) : Math.log((1 - usual) / (1 - target));
  state.recoveryEvidence = Math.max(0, (state.recoveryEvidence ?? 0) + evidence);
  if (state.recoveryEvidence < clearedEvidence) return null;
  if (state.alarms > 1) learnUsual(state);
  else discardSuspicion(state);
  return 'clear';
}

function addEvidence(state: LossState, missed: boolean, usual: number): void {
  const target = targetLossAbove(usual);
  if (!missed) state.evidence += Math.log((1 - target) / (1 - usual));
  else if (state.inRow <= countedInRow) state.evidence += Math.log(target / usual);
  state.evidence = Math.max(0, state.evidence);
  state.pendingTraces++;
  if (missed) state.pendingMisses++;
}

function targetLossAbove(usual: number): number {
  return Math.max(targetLoss, targetFactor * usual);
}

/** Counts the traces that were under suspicion as usual. */
function learnUsual(state: LossState): void {
  state.misses += state.pendingMisses;
  state.traces += state.pendingTraces;
  discardSuspicion(state);
  if (state.traces <= memoryTraces) return;
  state.traces /= 2;
  state.misses /= 2;
}

/** Drops the traces under suspicion: they were an outage, or are reported as loss. */
function discardSuspicion(state: LossState): void {
  state.evidence = 0;
  state.pendingMisses = 0;
  state.pendingTraces = 0;
}

/**
 * Share of misses among the last traces, without the open run of misses; 0 when there are too few,
 * and where traces have so many probes that none of them misses by chance.
 */
export function recentLoss(state: LossState): number {
  if (state.shares !== undefined) return 0;
  const bits = state.recent >>> state.inRow;
  const traces = rememberedTraces - state.inRow;
  const count = missesIn(bits, Math.max(1, traces));
  return count < minLastMisses || traces < lastTraces ? 0 : count / traces;
}

/** The usual loss and the loss now, percent. */
export function lossPcts(state: LossState): { beforePct: number; afterPct: number } {
  const shares = state.shares ?? [];
  if (shares.length === 0) {
    const beforePct = (100 * state.misses) / Math.max(1, state.traces);
    return { beforePct, afterPct: (100 * missesAmong(state, lossTraces)) / lossTraces };
  }
  const begin = shares.findIndex((share) => share >= lossyShare);
  const pct = (values: readonly number[]) =>
    (100 * values.reduce((sum, share) => sum + share, 0)) / Math.max(1, values.length);
  return { beforePct: pct(shares.slice(0, begin)), afterPct: pct(shares.slice(begin)) };
}

/** Misses among the last traces, at most `rememberedTraces`. */
function missesAmong(state: LossState, traces: number): number {
  return missesIn(state.recent, traces);
}

function missesIn(recent: number, traces: number): number {
  let bits = recent & ((1 << traces) - 1);
  let count = 0;
  while (bits !== 0) {
    bits &= bits - 1;
    count++;
  }
  return count;
}
