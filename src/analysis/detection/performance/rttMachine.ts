import type { StepFigures } from '../../../model/change/change.ts';
import { daySeconds } from '../../../model/values/time.ts';
import { smallestRelevantShift } from '../relevantShift.ts';
import type { RttCell, RttState } from './performanceState.ts';
import { addToCells, cellInterval, usualInterval } from './rttCells.ts';
import {
  addToHours,
  compareHours,
  createRttHours,
  describeRhythm,
  isDailyRise,
  type SameHours,
} from './rttHours.ts';
import { isFlat, isGradual, measureRise, type Rise } from './rttRise.ts';
import { findStep, isShortPath, mayShowStep, type RttStep } from './rttStep.ts';

/** A rise to report, and the figures behind it. */
export interface ReportedRise {
  readonly step: RttStep;
  readonly rise: Rise;
  readonly sameHours: SameHours;
  /** The daily rhythm that it belongs to; null for none. */
  readonly rhythm: StepFigures['daily'];
  readonly isWorse: boolean;
  /** Probability that it is a step, not noise, 0 to 1. */
  readonly confidence: number;
}

/** A rise to report; the end of one that was reported; a level that became usual. */
export type RttEvent =
  | ({ readonly kind: 'risen' } & ReportedRise)
  | { readonly kind: 'cleared' }
  | { readonly kind: 'accepted' };

/** Cells to remember: two windows. */
export const maxCells = 40;
/** A rise is over when the newest cell and all but one of the newest ones are low. */
const overCells = 6;
const maxHighCells = 1;
/** Low is below this share of the rise. */
const lowShare = 0.35;
/** A rise that exceeds the noise by this factor is a step in one of two cases. */
const evenNoise = 6;
const oddsPower = 1.5;
/** Of the clearest rises on labeled series, every fifth has no label. */
const maxConfidence = 0.8;
/** A level that still moves after an hour is a step in less than one of two cases. */
const movingShare = 0.5;
/** Two rises at the same hours within this time are a daily rhythm. */
const rhythmSeconds = 3 * daySeconds;

/** The state before the first answer. */
export function createRttState(): RttState {
  return {
    routeId: null,
    intervalSeconds: null,
    newestAt: null,
    running: [],
    cells: [],
    level: null,
    hours: createRttHours(),
    open: null,
    rhythm: null,
  };
}

/** Processes an answer of the destination over a route. */
export function stepRtt(
  state: RttState,
  answer: RttCell,
  routeId: number,
  acceptAfterSeconds: number,
): RttEvent[] {
  if (routeId !== state.routeId) {
    state.routeId = routeId;
    state.running = [];
    restart(state, []);
  }
  return addToCells(state, answer).flatMap((cell) => {
    state.cells.push(cell);
    if (state.cells.length > maxCells) state.cells.shift();
    addToHours(state.hours, cell);
    return endRise(state, answer.at, acceptAfterSeconds) ?? findRise(state, answer.at);
  });
}

/** Compares what follows with these cells only. */
function restart(state: RttState, cells: readonly RttCell[]): void {
  state.cells = [...cells];
  state.level = null;
}

/** Ends the open rise where the level is back, or became usual; null where there is no end. */
function endRise(state: RttState, at: number, acceptAfterSeconds: number): RttEvent[] | null {
  const { open, cells } = state;
  if (open === null) return null;
  const highMs = open.beforeMs + lowShare * (open.afterMs - open.beforeMs);
  const newest = cells.slice(-overCells);
  const low = newest.filter(({ ms }) => ms <= highMs);
  const isOver = low.at(-1) === newest.at(-1) && low.length >= overCells - maxHighCells;
  if (!isOver && (open.worse || at - open.at < acceptAfterSeconds)) return null;
  state.open = null;
  if (isOver) restart(state, newest.slice(newest.indexOf(low[0] as RttCell)));
  if (!open.reported) return [];
  return [{ kind: isOver ? 'cleared' : 'accepted' }];
}

function findRise(state: RttState, at: number): RttEvent[] {
  if (!mayShowStep(state)) return [];
  const step = findStep(state.cells, cellInterval(state));
  if (step === null) return [];
  if (step.shiftMs < 0) {
    restart(state, step.after);
    return [];
  }
  return judgeRise(state, step, at);
}

/** Reports a rise, drops it for no news, or leaves it to the next cell. */
function judgeRise(state: RttState, step: RttStep, at: number): RttEvent[] {
  const interval = usualInterval(state);
  const isSteady = isFlat(step);
  if (!step.isFinal && !isSteady) return [];
  const rise = measureRise(step, interval);
  const since = step.after[0]?.at ?? at;
  const sameHours = compareHours(state.hours, since, step.shiftMs);
  const isDaily = isDailyRise(sameHours);
  const isNewRhythm = isDaily && recognizeRhythm(state, at);
  const reported = isNewRhythm || !isGradual(rise, interval);
  openRise(state, step, at, reported);
  restart(state, step.after);
  if (!reported) return [];
  const rhythm = isDaily ? describeRhythm(state.hours, since) : null;
  return [
    {
      kind: 'risen',
      step,
      rise,
      sameHours,
      rhythm,
      isWorse: isWorse(step),
      confidence: (isSteady ? 1 : movingShare) * confidenceOf(step),
    },
  ];
}

function confidenceOf({ shiftMs, noiseMs }: RttStep): number {
  const oddsAgainst = ((evenNoise * noiseMs) / shiftMs) ** oddsPower;
  return Math.min(maxConfidence, 1 / (1 + oddsAgainst));
}

/** Whether the step makes a difference to users. On short paths each one does. */
function isWorse({ beforeMs, shiftMs }: RttStep): boolean {
  return isShortPath(beforeMs) || shiftMs > smallestRelevantShift(beforeMs);
}

/** Notes a daily rise. Returns whether it makes a rhythm that has not been reported. */
function recognizeRhythm(state: RttState, at: number): boolean {
  const before = state.rhythm;
  const isRepeated = before !== null && at - before.at <= rhythmSeconds;
  state.rhythm = { at, reported: isRepeated };
  return isRepeated && !before.reported;
}

/** Opens a rise. A second step adds to one that was reported, so that both end at its old level. */
function openRise(state: RttState, step: RttStep, at: number, reported: boolean): void {
  const open = state.open?.reported ? state.open : null;
  if (open !== null && !reported) return;
  state.open = {
    at,
    beforeMs: Math.min(step.beforeMs, open?.beforeMs ?? Number.POSITIVE_INFINITY),
    afterMs: step.beforeMs + step.shiftMs,
    reported,
    worse: isWorse(step) || (open?.worse ?? false),
  };
}
