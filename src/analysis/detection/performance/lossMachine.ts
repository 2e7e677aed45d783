import { estimatedChance } from '../../../model/statistics.ts';
import type { LossState, ReachState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';

/** Evidence in nats that the loss has risen. */
const alarmEvidence = 13.5;
/** So much more for each alarm before: a path that loses now and then has to lose more to be told of again. */
const repeatEvidence = 6;
/** Losses in a row beyond these are an outage, which is another machine's; so many are certainly one. */
const countedInRow = 2;
const outageInRow = 7;
/** The loss that is looked for, as a share. */
const targetLoss = 0.25;
/** No path is taken for better than this. */
const minLoss = 0.01;
/** A destination that misses more often than this limits its answers: its misses are no loss. */
const lossyDestination = 0.08;
/** Traces needed to know the usual loss, and the most that are remembered. */
const knownTraces = 60;
const memoryTraces = 300;
/** Evidence in nats that a loss is over: some 27 traces without a miss. A quarter of all traces lost is no run of luck by then. */
const clearedEvidence = 7;
/** Traces over which a loss is stated. */
const lossTraces = 18;
/** A trace that loses so large a share of many probes counts like one that did not arrive. */
const lossyShare = 0.15;
/** Traces that `recent` and `shares` remember. */
const rememberedTraces = 24;

/** Nothing known yet. */
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
 * Takes in one trace: did it reach the destination, and which share of its probes was lost (null where they are few)? Returns
 * whether the loss has just become too high (`alarm`) or normal again (`clear`). A cumulative sum of log-likelihood ratios between the usual loss and a quarter of all traces; the usual
 * loss is not learned from traces that are under suspicion.
 */
export function stepLoss(
  state: LossState,
  reach: ReachState,
  { reached, lostShare }: Pick<Observation, 'reached' | 'lostShare'>,
): 'alarm' | 'clear' | null {
  const missed = lostShare === null ? !reached : lostShare >= lossyShare;
  if (lostShare !== null)
    state.shares = [...(state.shares ?? []), lostShare].slice(-rememberedTraces);
  state.recent = ((state.recent << 1) | (missed ? 1 : 0)) & 0xffffff;
  state.inRow = reached ? 0 : state.inRow + 1;
  if (reach.silentDestination || state.inRow >= outageInRow) discardSuspicion(state);
  if (reach.unreachable || reach.silentDestination) return null;
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
  if (missesAmong(state, 8) < 2 || state.inRow >= 5 || missesAmong(state, 24) < 4) return null;
  state.alarms++;
  state.recoveryEvidence = 0;
  return 'alarm';
}

/** Back to normal, by the same reckoning as the alarm. What comes again and again is the nature of the path and is learned. */
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
  return Math.max(targetLoss, 2.5 * usual);
}

/** Takes the traces that were under suspicion for usual. */
function learnUsual(state: LossState): void {
  state.misses += state.pendingMisses;
  state.traces += state.pendingTraces;
  discardSuspicion(state);
  if (state.traces <= memoryTraces) return;
  state.traces /= 2;
  state.misses /= 2;
}

/** Drops what is under suspicion: it was an outage, or it is reported as loss. */
function discardSuspicion(state: LossState): void {
  state.evidence = 0;
  state.pendingMisses = 0;
  state.pendingTraces = 0;
}

/**
 * Share of misses among the last traces, the open run of misses left out; 0 when there are less than two, and where traces have so
 * many probes that none of them misses by chance.
 */
export function recentLoss(state: LossState): number {
  if (state.shares !== undefined) return 0;
  const bits = state.recent >>> state.inRow;
  const traces = 24 - state.inRow;
  const count = missesIn(bits, Math.max(1, traces));
  return count < 2 || traces < 8 ? 0 : count / traces;
}

/** What the usual loss was and what it is now, percent. */
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

/** Misses among the last traces, at most 24. */
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
