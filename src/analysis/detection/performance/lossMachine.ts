import { daySeconds, minuteSeconds } from '../../../model/values/time.ts';
import type { Observation } from '../observation.ts';
import { roundThousandths } from '../storedRtts.ts';
import type { LossRise, LossState, OpenLoss } from './performanceState.ts';

/** A trace that loses this share of many probes counts like one that did not arrive. */
const lossyShare = 0.15;
/** Before the first trace a path has lost this share of so many. */
const priorLoss = 0.015;
const priorTraces = 24;
/** The weight of an earlier trace halves in this time. */
const halfLifeSeconds = 3 * daySeconds;
/** A trace counts as usual when so many newer ones have come. */
const undecidedTraces = 12;
/** Traces that the state remembers, as bits. */
const rememberedTraces = 24;
const rememberedBits = (1 << rememberedTraces) - 1;
/** No path is assumed to lose less. */
const minUsual = 0.02;
/** The usual loss is taken so many standard deviations higher than measured. */
const usualDeviations = 1.5;
/** From so many traces of a rise on, its usual loss stands still. */
const frozenTraces = 72;
/** The rises to look for, above the usual loss: as one of them, it is not known which. */
const risesSought = [0.2, 0.45];
/** Of misses in a row so many count; more are part of an outage. */
const countedInRow = 2;
/** A run of misses this unlikely under the largest loss sought is an outage. */
const outageChance = 0.001;
const minOutageInRow = 3;
/** A loss has to show so much: evidence, nats; misses, and time. */
const reportEvidence = 8;
const minMisses = 5;
const minSeconds = 25 * minuteSeconds;
/** The loss is higher than usual by this share, and by the second beyond its own error. */
const minRise = 0.17;
const minSureRise = 0.08;
/** A rise restarts while it stays within this share of the usual loss. */
const noRise = 0.1;
/** A loss is reported when so many traces have shown the usual one. */
const knownTraces = 24;
/** Evidence, nats, that a loss is over. */
const clearedEvidence = 5;
/** No rise goes beyond: else a single trace without a miss would end it. */
const maxLoss = 0.95;
/** The loss of the last traces is known from so many misses and traces. */
const minRecentMisses = 2;
const minRecentTraces = 8;
/** Weight of a new trace in the level of a reported loss. */
const levelWeight = 0.03;

/** The state before the first trace. */
export function createLossState(): LossState {
  return {
    open: null,
    newestAt: null,
    recent: 0,
    usualBits: 0,
    inRow: 0,
    misses: priorLoss * priorTraces,
    traces: priorTraces,
    learned: 0,
    rise: null,
  };
}

/** Loss that was reported, or its end. */
export type LossEvent =
  | { readonly kind: 'risen'; readonly beforePct: number; readonly afterPct: number }
  | { readonly kind: 'cleared' };

/**
 * Processes one trace. The traces since a possible rise are compared under the usual loss and under
 * the rises sought. `isOutage`: the destination is reported to be unreachable.
 */
export function stepLoss(
  state: LossState,
  { at, reached, lostShare }: Pick<Observation, 'at' | 'reached' | 'lostShare'>,
  isOutage: boolean,
): LossEvent | null {
  const missed = lostShare === null ? !reached : lostShare >= lossyShare;
  if (lostShare !== null)
    state.shares = [...(state.shares ?? []), lostShare].slice(-rememberedTraces);
  state.inRow = reached ? 0 : state.inRow + 1;
  learnUsual(state, at);
  const isCut = isOutage || state.inRow > outageLength(state);
  const counts = !isCut && state.inRow <= countedInRow;
  state.recent = shifted(state.recent, missed);
  state.usualBits = shifted(isCut ? 0 : state.usualBits, counts && state.open === null);
  if (isCut && state.open === null) state.rise = null;
  if (!counts) return null;
  if (state.open !== null) return checkEnd(state, missed);
  return followRise(state, missed, at) ? reportLoss(state, at) : null;
}

function shifted(bits: number, bit: boolean): number {
  return ((bits << 1) | (bit ? 1 : 0)) & rememberedBits;
}

function bitAt(bits: number, age: number): number {
  return (bits >>> age) & 1;
}

/** Counts the trace that has just become old enough, and lets the older ones fade. */
function learnUsual(state: LossState, at: number): void {
  const seconds = Math.max(0, at - (state.newestAt ?? at));
  state.newestAt = at;
  if (state.open !== null || bitAt(state.usualBits, undecidedTraces - 1) === 0) return;
  const kept = 2 ** (-seconds / halfLifeSeconds);
  state.misses = roundThousandths(state.misses * kept + bitAt(state.recent, undecidedTraces - 1));
  state.traces = roundThousandths(state.traces * kept + 1);
  state.learned++;
}

/** The usual loss, as a share, with its uncertainty in favor of the path. */
function usualLoss({ misses, traces }: LossState): number {
  const share = misses / traces;
  const deviation = Math.sqrt((share * (1 - share)) / (traces + 1));
  return Math.max(minUsual, share + usualDeviations * deviation);
}

/** More misses in a row than these are no loss but an outage. */
function outageLength(state: LossState): number {
  if (state.inRow <= minOutageInRow) return minOutageInRow;
  const loss = usualLoss(state) + (risesSought[0] as number);
  return Math.max(minOutageInRow, Math.ceil(Math.log(outageChance) / Math.log(loss)));
}

/** Adds a trace to the rise that it belongs to. Returns whether there is one. */
function followRise(state: LossState, missed: boolean, at: number): boolean {
  if (state.rise === null) {
    if (!missed) return false;
    state.rise = { since: at, misses: 0, traces: 0, usual: usualLoss(state) };
  }
  const { rise } = state;
  if (state.learned < frozenTraces) rise.usual = usualLoss(state);
  rise.traces++;
  if (missed) rise.misses++;
  const isNone = evidenceOf(rise) <= 0 && rise.misses <= rise.traces * (rise.usual + noRise);
  if (isNone) state.rise = null;
  return !isNone;
}

/** Evidence that the loss has risen, nats. */
function evidenceOf({ misses, traces, usual }: LossRise): number {
  const ratios = risesSought.map((rise) => {
    const loss = Math.min(maxLoss, usual + rise);
    const hits = traces - misses;
    return misses * Math.log(loss / usual) + hits * Math.log((1 - loss) / (1 - usual));
  });
  const largest = Math.max(...ratios);
  const sum = ratios.reduce((total, ratio) => total + Math.exp(ratio - largest), 0);
  return largest + Math.log(sum / ratios.length);
}

function reportLoss(state: LossState, at: number): LossEvent | null {
  const rise = state.rise as LossRise;
  const { misses, traces, since } = rise;
  if (state.learned < knownTraces) return null;
  if (misses < minMisses || at - since < minSeconds) return null;
  const before = state.misses / state.traces;
  if (evidenceOf(rise) < reportEvidence) return null;
  const loss = misses / traces;
  const error = Math.sqrt((loss * (1 - loss)) / traces);
  if (loss - before < minRise || loss - before - error < minSureRise) return null;
  state.open = { at, usual: rise.usual, loss: Math.min(maxLoss, loss), evidence: 0 };
  state.rise = null;
  return { kind: 'risen', ...lossPcts(state, 100 * before, 100 * loss) };
}

/** Ends a loss by the reverse odds. The level of the loss follows the traces. */
function checkEnd(state: LossState, missed: boolean): LossEvent | null {
  const open = state.open as OpenLoss;
  const { usual, loss } = open;
  const ratio = missed ? Math.log(usual / loss) : Math.log((1 - usual) / (1 - loss));
  open.evidence = Math.max(0, open.evidence + ratio);
  const level = loss + levelWeight * ((missed ? 1 : 0) - loss);
  open.loss = Math.min(maxLoss, Math.max(usual + noRise, level));
  if (open.evidence < clearedEvidence) return null;
  state.open = null;
  return { kind: 'cleared' };
}

/** The usual loss and the loss now, percent; of the probes, where a trace has many. */
function lossPcts(
  { shares }: LossState,
  beforePct: number,
  afterPct: number,
): { beforePct: number; afterPct: number } {
  if (shares === undefined) return { beforePct, afterPct };
  const begin = shares.findIndex((share) => share >= lossyShare);
  return { beforePct: meanPct(shares.slice(0, begin)), afterPct: meanPct(shares.slice(begin)) };
}

function meanPct(shares: readonly number[]): number {
  return (100 * shares.reduce((sum, share) => sum + share, 0)) / Math.max(1, shares.length);
}

/**
 * Share of misses among the last traces, without the open run of misses; 0 when there are too few,
 * and where traces have so many probes that none of them misses by chance.
 */
export function recentLoss({ shares, recent, inRow }: LossState): number {
  if (shares !== undefined) return 0;
  const traces = rememberedTraces - inRow;
  let misses = 0;
  for (let age = Math.max(inRow, 0); age < rememberedTraces; age++) misses += bitAt(recent, age);
  return misses < minRecentMisses || traces < minRecentTraces ? 0 : misses / traces;
}
