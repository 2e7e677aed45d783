/** How one request went, as far as it tells how the server bears up. */
export type Outcome =
  /** The server asked for less: 429 or 503. */
  | { readonly kind: 'pushback' }
  /** It answered; from the request being sent to the whole answer, milliseconds. */
  | { readonly kind: 'answer'; readonly milliseconds: number };

/** How many requests at a time a server is given, and what that is judged by. */
export interface Pace {
  /** Requests at a time, from 1 to the configured most. */
  readonly concurrency: number;
  readonly most: number;
  /** Median time of an answer in the first full round, milliseconds; null before it is over. */
  readonly usualMs: number | null;
  /** Times of the answers of this round. */
  readonly round: readonly number[];
}

/** Answers that one judgement is made of: enough for a median, few enough to see trouble within seconds. */
const roundSize = 16;
/** An answer may take so much longer than usual before a request fewer is sent, and must be below the second to go up. */
const slower = 3;
const usual = 1.5;
/** Below this the median says more of this machine than of the server, milliseconds. */
const noticeableMs = 50;

/** The pace before the first answer: everything that is allowed. */
export function startPace(most: number): Pace {
  return { concurrency: most, most, usualMs: null, round: [] };
}

/**
 * The pace after one more outcome: half as many requests when the server pushes back, one fewer when a round of answers took
 * three times as long as usual, one more when a round was near the usual again.
 */
export function nextPace(pace: Pace, outcome: Outcome): Pace {
  if (outcome.kind === 'pushback') {
    return { ...pace, concurrency: Math.max(1, pace.concurrency >> 1), round: [] };
  }
  const round = [...pace.round, outcome.milliseconds];
  if (round.length < roundSize) return { ...pace, round };
  const medianMs = round.toSorted((a, b) => a - b)[roundSize >> 1] ?? 0;
  const usualMs = Math.min(pace.usualMs ?? medianMs, medianMs);
  const reference = Math.max(pace.usualMs ?? medianMs, noticeableMs);
  return { ...pace, usualMs, round: [], concurrency: stepped(pace, medianMs / reference) };
}

function stepped({ concurrency, most }: Pace, ratio: number): number {
  if (ratio > slower) return Math.max(1, concurrency - 1);
  return ratio <= usual ? Math.min(most, concurrency + 1) : concurrency;
}
