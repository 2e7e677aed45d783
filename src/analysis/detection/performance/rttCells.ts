import { lowerMedian } from '../../../model/values/statistics.ts';
import { minuteSeconds } from '../../../model/values/time.ts';
import { roundThousandths } from '../storedRtts.ts';
import type { RttCell, RttState } from './performanceState.ts';

/** Answers within this time make one cell: faster traces show no more than noise. */
const cellSeconds = 4 * minuteSeconds;
/** Traces do not start exactly on time. */
const slackSeconds = 10;
/** Weight of a new gap in the usual interval, and the longest gap that counts, in intervals. */
const gapWeight = 0.1;
const maxGapIntervals = 4;

/** Adds an answer. Returns the cells that it completes: none, one, or two after a pause. */
export function addToCells(state: RttState, answer: RttCell): RttCell[] {
  learnInterval(state, answer.at);
  const before = isComplete(state, answer.at) ? [closeCell(state)] : [];
  state.running.push(answer);
  const now = isComplete(state, answer.at + usualInterval(state)) ? [closeCell(state)] : [];
  return [...before, ...now];
}

/** The usual time between two answers, seconds. */
export function usualInterval({ intervalSeconds }: RttState): number {
  return intervalSeconds ?? cellSeconds;
}

/** The usual time between two cells, seconds. */
export function cellInterval(state: RttState): number {
  return Math.max(cellSeconds, usualInterval(state));
}

function learnInterval(state: RttState, at: number): void {
  const gap = at - (state.newestAt ?? at);
  state.newestAt = at;
  if (gap <= 0) return;
  const usual = state.intervalSeconds ?? gap;
  const next = usual + gapWeight * (Math.min(gap, maxGapIntervals * usual) - usual);
  state.intervalSeconds = roundThousandths(next);
}

/** Whether the next answer, at a time, belongs to another cell than the running one. */
function isComplete({ running: [first] }: RttState, nextAt: number): boolean {
  return first !== undefined && nextAt - first.at >= cellSeconds - slackSeconds;
}

function closeCell(state: RttState): RttCell {
  const [{ at }] = state.running as [RttCell];
  const ms = lowerMedian(state.running.map((answer) => answer.ms)) as number;
  state.running = [];
  return { at, ms };
}
