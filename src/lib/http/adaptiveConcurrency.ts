import { median } from 'd3-array';

/** How one request went, as far as it tells how the server bears up. */
export type RequestOutcome =
  /** The server asked for less: 429 or 503. */
  | { readonly kind: 'pushback' }
  /** It answered; from the request being sent to the whole answer, milliseconds. */
  | { readonly kind: 'answer'; readonly milliseconds: number };

/** How many requests at a time a server is given, and what that is judged by. */
export interface ConcurrencyState {
  /** Requests at a time, from 1 to the configured most. */
  readonly concurrency: number;
  readonly maxConcurrency: number;
  /** Median time of an answer in the first full round, milliseconds; null before it is over. */
  readonly baselineMs: number | null;
  /** Times of the answers of this round. */
  readonly samplesMs: readonly number[];
}

/** Answers that one judgement is made of: enough for a median, few enough to see trouble within seconds. */
const samplesPerStep = 16;
/** An answer may take so much longer than usual before a request fewer is sent, and must be below the second to go up. */
const slowdownFactor = 3;
const recoveryFactor = 1.5;
/** Below this the median says more of this machine than of the server, milliseconds. */
const minReferenceMs = 50;

/** The pace before the first answer: everything that is allowed. */
export function initialConcurrency(maxConcurrency: number): ConcurrencyState {
  return { concurrency: maxConcurrency, maxConcurrency, baselineMs: null, samplesMs: [] };
}

/**
 * The pace after one more outcome: half as many requests when the server pushes back, one fewer when a round of answers took
 * three times as long as usual, one more when a round was near the usual again.
 */
export function adjustConcurrency(
  state: ConcurrencyState,
  outcome: RequestOutcome,
): ConcurrencyState {
  if (outcome.kind === 'pushback') {
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
