/** No probe is waited for that long, milliseconds. */
const maxRttMs = 600_000;

/** A round-trip time that can be true, in ms with a resolution of 1 µs; null for anything else. Zero is a real time. */
export function roundTripMs(value: number): number | null {
  return value >= 0 && value <= maxRttMs ? Math.round(value * 1000) / 1000 : null;
}

/** The round-trip times of one host at one ttl, in ms. */
export interface TimesSummary {
  readonly received: number;
  readonly bestMs: number | null;
  readonly avgMs: number | null;
  readonly worstMs: number | null;
  readonly stdevMs: number | null;
  readonly jitterMs: number | null;
}

/** Takes round-trip times in the order of the replies and keeps their figures, not themselves. */
export interface ReplyTimes {
  /** A reply; null when it came without a time. */
  add(rttMs: number | null): void;
  summary(): TimesSummary;
}

/** No replies yet. */
export function createReplyTimes(): ReplyTimes {
  let received = 0;
  let timed = 0;
  let best = Number.POSITIVE_INFINITY;
  let worst = 0;
  let mean = 0;
  // Sum of squared distances from the mean, kept up to date reply by reply (Welford).
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
