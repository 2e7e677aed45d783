import { roundTripMs } from '../probeValues.ts';

/** Summary of the round-trip times of one host at one ttl, in ms. */
export interface TimesSummary {
  readonly received: number;
  readonly bestMs: number | null;
  readonly avgMs: number | null;
  readonly worstMs: number | null;
  readonly stdevMs: number | null;
  readonly jitterMs: number | null;
}

/** Summarizes round-trip times, in the order of the replies, without storing them. */
export interface ReplyTimes {
  /** Counts a reply; null if it has no time. */
  add(rttMs: number | null): void;
  summary(): TimesSummary;
}

/** A summary without replies. */
export function createReplyTimes(): ReplyTimes {
  let received = 0;
  let timed = 0;
  let best = Number.POSITIVE_INFINITY;
  let worst = 0;
  let mean = 0;
  // Sum of squared distances from the mean, updated with each reply (Welford).
  let squares = 0;
  let differenceSum = 0;
  let last = 0;
  return {
    add(rttMs) {
      received += 1;
      if (rttMs === null) return;
      if (timed > 0) differenceSum += Math.abs(rttMs - last);
      timed += 1;
      last = rttMs;
      best = Math.min(best, rttMs);
      worst = Math.max(worst, rttMs);
      const before = mean;
      mean += (rttMs - before) / timed;
      squares += (rttMs - before) * (rttMs - mean);
    },
    summary() {
      const none = timed === 0;
      return {
        received,
        bestMs: none ? null : roundTripMs(best),
        avgMs: none ? null : roundTripMs(mean),
        worstMs: none ? null : roundTripMs(worst),
        stdevMs: timed < 2 ? null : roundTripMs(Math.sqrt(squares / (timed - 1))),
        jitterMs: timed < 2 ? null : roundTripMs(differenceSum / (timed - 1)),
      };
    },
  };
}
