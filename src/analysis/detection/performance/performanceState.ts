/** The memory of the machines of round-trip time, loss and MTU. */

/** The median round-trip time of some minutes, and the start of their first trace. */
export interface RttCell {
  readonly at: number;
  readonly ms: number;
}

/** A rise that has not ended. */
export interface OpenRise {
  /** Start of the trace that showed it, epoch seconds. */
  readonly at: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  /** It was reported: one of a busy day, for example, is not. */
  readonly reported: boolean;
  /** It has a worse verdict. */
  readonly worse: boolean;
}

/** Median round-trip times by the hour. */
export interface RttHours {
  /** The running hour, hours since the epoch; null before the first cell. */
  hour: number | null;
  /** The cells of the running hour, ms. */
  running: number[];
  /** Medians of the hours before it, tenths of a millisecond, newest last; 0 for none. */
  medians: number[];
}

/** The memory of the machine of the round-trip time. */
export interface RttState {
  /** The route that the cells belong to: the id of its baseline, or below 0 for a deviation. */
  routeId: number | null;
  /** Usual time between two answers, seconds, and the newest answer. */
  intervalSeconds: number | null;
  newestAt: number | null;
  /** The answers of the cell that is not complete. */
  running: RttCell[];
  /** The complete cells of the present level and the one before it, oldest first. */
  cells: RttCell[];
  /** A recent median of the older cells, ms, and how many cells have come since. */
  level: { readonly ms: number; age: number } | null;
  hours: RttHours;
  open: OpenRise | null;
  /** When a rise was last recognized as a daily one, and whether that rhythm was reported. */
  rhythm: { readonly at: number; readonly reported: boolean } | null;
}

/** Traces that may show more loss than usual. */
export interface LossRise {
  /** Start of the first of them, a miss, epoch seconds. */
  readonly since: number;
  misses: number;
  traces: number;
  /** The usual loss that they are compared with, as a share. */
  usual: number;
}

/** A loss that was reported. */
export interface OpenLoss {
  readonly at: number;
  /** The loss before it and the loss now, as shares. */
  readonly usual: number;
  loss: number;
  /** Evidence, nats, that it is over. */
  evidence: number;
}

/** The memory of the loss machine. */
export interface LossState {
  open: OpenLoss | null;
  newestAt: number | null;
  /** The last 24 traces as bits, newest lowest: a miss, or a trace that lost many of its probes. */
  recent: number;
  /** Which of them will count as usual. */
  usualBits: number;
  /** Lost shares of the last 24 traces, oldest first, where they have many probes. */
  shares?: number[];
  /** Traces in a row that did not reach the destination. */
  inRow: number;
  /** The usual loss: misses and traces, decaying exponentially; and all traces ever counted. */
  misses: number;
  traces: number;
  learned: number;
  rise: LossRise | null;
}

/** The memory of the machines of round-trip time, loss and MTU. */
export interface PerformanceState {
  rtt: RttState;
  mtu: { readonly at: number; readonly before: number; readonly after: number } | null;
  /**
   * Traces with a low MTU in a row; the start of the first of them, and of the last trace before
   * it.
   */
  lowMtus: number;
  lowSince?: { after: number | null; by: number | null };
  loss: LossState;
  /** Traces in a row that deviate from the baseline. */
  deviating: number;
}
