import { median } from 'd3-array';

/** The outcome of one request, as a sign of the server's load. */
export type RequestOutcome =
  /** The server asked for fewer requests: 429 or 503. */
  | { readonly kind: 'throttled' }
  /** The server responded; from the request to the end of the response, milliseconds. */
  | { readonly kind: 'response'; readonly milliseconds: number };

/** The number of parallel requests to a server, and its basis. */
export interface ConcurrencyState {
  /** Parallel requests, from 1 to `maxConcurrency`. */
  readonly concurrency: number;
  readonly maxConcurrency: number;
  /** Lowest median response time of a round, milliseconds; null before the end of the first. */
  readonly baselineMs: number | null;
  /** Response times of the current round. */
  readonly samplesMs: readonly number[];
}

/** Responses of a round: enough for a median, few enough to detect overload within seconds. */
const samplesPerStep = 16;
/** Slowdown above which the concurrency falls, and below which it rises again. */
const slowdownFactor = 3;
const recoveryFactor = 1.5;
/** A shorter median depends more on this machine than on the server, milliseconds. */
const minReferenceMs = 50;

/** The state before the first response: full concurrency. */
export function initialConcurrency(maxConcurrency: number): ConcurrencyState {
  return { concurrency: maxConcurrency, maxConcurrency, baselineMs: null, samplesMs: [] };
}

/**
 * The state after one more outcome. A throttled request halves the concurrency. A round of slow
 * responses lowers it by one, a round of fast ones raises it by one.
 */
export function adjustConcurrency(
  state: ConcurrencyState,
  outcome: RequestOutcome,
): ConcurrencyState {
  if (outcome.kind === 'throttled') {
    return { ...state, concurrency: Math.max(1, state.concurrency >> 1), samplesMs: [] };
  }
  const samplesMs = [...state.samplesMs, outcome.milliseconds];
  if (samplesMs.length < samplesPerStep) return { ...state, samplesMs };
  const medianMs = median(samplesMs) ?? 0;
  const baselineMs = Math.min(state.baselineMs ?? medianMs, medianMs);
  const referenceMs = Math.max(state.baselineMs ?? medianMs, minReferenceMs);
  return {
    ...state,
    baselineMs,
    samplesMs: [],
    concurrency: stepConcurrency(state, medianMs / referenceMs),
  };
}

function stepConcurrency({ concurrency, maxConcurrency }: ConcurrencyState, ratio: number): number {
  if (ratio > slowdownFactor) return Math.max(1, concurrency - 1);
  return ratio <= recoveryFactor ? Math.min(maxConcurrency, concurrency + 1) : concurrency;
}
