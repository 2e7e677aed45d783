import {
  fromDifferences,
  microseconds,
  milliseconds,
  restoreRtts,
  type StoredRtts,
  serializeRtts,
  toDifferences,
} from '../storedRtts.ts';
import { createLossState } from './lossMachine.ts';
import type {
  LossState,
  PerformanceState,
  RttCell,
  RttHours,
  RttState,
} from './performanceState.ts';
import { addToCells } from './rttCells.ts';
import { addToHours } from './rttHours.ts';
import { createRttState, maxCells } from './rttMachine.ts';

/** The memory of the machine of the round-trip time in whole numbers. */
interface StoredRttState extends Omit<RttState, 'running' | 'cells' | 'level' | 'hours'> {
  readonly running: StoredRtts;
  readonly cells: StoredRtts;
  readonly level: readonly [us: number, age: number] | null;
  readonly hours: Pick<RttHours, 'hour'> & {
    /** As differences. */
    readonly medians: readonly number[];
    readonly runningUs: readonly number[];
  };
}

/** The memory of the performance machines as plain JSON. */
export interface StoredPerformance extends Omit<PerformanceState, 'rtt'> {
  readonly rtt: StoredRttState;
}

/** Returns the memory as plain JSON, which has to be written before the memory is used again. */
export function serializePerformance({ rtt, ...rest }: PerformanceState): StoredPerformance {
  const { hour, running, medians } = rtt.hours;
  return {
    ...rest,
    rtt: {
      ...rtt,
      running: serializeRtts(rtt.running),
      cells: serializeRtts(rtt.cells),
      level: rtt.level && [microseconds(rtt.level.ms), rtt.level.age],
      hours: { hour, medians: toDifferences(medians), runningUs: running.map(microseconds) },
    },
  };
}

/** Restores the memory and uses up the stored one. */
export function restorePerformance({ rtt, ...rest }: StoredPerformance): PerformanceState {
  const { hour, medians, runningUs } = rtt.hours;
  return {
    ...rest,
    rtt: {
      ...rtt,
      running: restoreRtts(rtt.running),
      cells: restoreRtts(rtt.cells),
      level: rtt.level && { ms: milliseconds(rtt.level[0]), age: rtt.level[1] },
      hours: { hour, medians: fromDifferences(medians), running: runningUs.map(milliseconds) },
    },
  };
}

/** The memory in versions 2 to 4 of the stored state, with the names of version 4. */
export interface PerformanceVersion4 extends Omit<PerformanceState, 'rtt' | 'loss' | 'deviating'> {
  readonly rtt: {
    readonly at: number;
    readonly beforeMs: number;
    readonly afterMs: number;
    /** Absent in older states, where it is worse. */
    readonly worse?: boolean;
  } | null;
  readonly loss: Pick<LossState, 'recent' | 'shares' | 'inRow' | 'misses' | 'traces'> & {
    readonly open: { readonly at: number } | null;
  };
}

/** A loss that is open, with the share that version 4 took for one. */
const openLossShare = 0.25;
const minUsualShare = 0.02;

/**
 * Takes over the open changes and the usual figures of version 4. The newest times of the route in
 * use become the memory of the machine of the round-trip time.
 */
export function upgradePerformance(
  { rtt, loss, ...rest }: PerformanceVersion4,
  routeId: number,
  reachedRtts: readonly RttCell[],
): StoredPerformance {
  const state = {
    rtt: upgradeRtt(rtt, routeId, reachedRtts),
    loss: upgradeLoss(loss),
    deviating: 0,
  };
  return serializePerformance({ ...rest, ...state });
}

function upgradeRtt(
  open: PerformanceVersion4['rtt'],
  routeId: number,
  reachedRtts: readonly RttCell[],
): RttState {
  const state = { ...createRttState(), routeId };
  const cells = reachedRtts.flatMap((answer) => addToCells(state, answer));
  for (const cell of cells) addToHours(state.hours, cell);
  // The cells of an open rise show its new level only: it is not reported again.
  state.cells = cells.filter(({ at }) => open === null || at >= open.at).slice(-maxCells);
  if (open !== null) state.open = { ...open, reported: true, worse: open.worse ?? true };
  return state;
}

function upgradeLoss({ open, ...known }: PerformanceVersion4['loss']): LossState {
  const initial = createLossState();
  const misses = initial.misses + known.misses;
  const traces = initial.traces + known.traces;
  const usual = Math.max(minUsualShare, misses / traces);
  return {
    ...initial,
    recent: known.recent,
    inRow: known.inRow,
    ...(known.shares === undefined ? {} : { shares: known.shares }),
    ...{ misses, traces, learned: Math.round(known.traces) },
    open: open && { at: open.at, usual, loss: usual + openLossShare, evidence: 0 },
  };
}
