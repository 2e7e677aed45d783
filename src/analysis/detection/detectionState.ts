import type { DeviceTable } from './identity/devices.ts';
import type { Observation } from './observation.ts';
import type { ShortEnd } from './reachability/silenceEvidence.ts';
import type { SilentEndState } from './reachability/silentEnd.ts';
import type { Baseline } from './route/baseline.ts';

/** A deviating trace that is not yet part of a change or of a baseline. */
export interface Deviation {
  readonly observation: Observation;
  readonly evidence: number;
  /** Id of the remembered baseline that explains it, or null. */
  readonly baselineId: number | null;
}

/** A router that the traffic enters over another link, while the hop before it is silent. */
export interface LinkChange {
  readonly device: number;
  readonly ttl: number;
  /** The ttl of the hop before it. */
  readonly previousTtl: number;
  /** Start of the trace before the first one that showed it. */
  readonly after: number | null;
  evidence: number;
  readonly observations: Observation[];
}

/** The memory of the route machine. */
export interface RouteState {
  /** The current baseline is being learned from scratch: nothing is a change yet. */
  learning: boolean;
  /** The current baseline first, then the remembered ones, most recently used first. */
  baselines: Baseline[];
  /**
   * Traces that fit the current baseline but fell short of its end; learned once it is clear that
   * they were no outage.
   */
  shortTraces: Observation[];
  usualBaselineId: number;
  nextBaselineId: number;
  /** Evidence, nats, that the current baseline is over. */
  evidence: number;
  deviations: Deviation[];
  linkChange: LinkChange | null;
  /** Start of the last trace that the current baseline explained. */
  explainedAt: number | null;
  /** Traces since the current baseline took over. */
  sinceSwitch: number;
  switchedAt: number | null;
  /** An alert about a changed route is open. */
  open: boolean;
  /** The changed route made things worse when it was reported; absent in older states. */
  worse?: boolean;
  /** Traces since a return closed an alert; null when there was none. */
  sinceReturn: number | null;
  /** Devices that the last reported change removed. */
  lastRemoved: number[];
  /** Ends of recent temporary routes, as numbers of traces ago. */
  temporaryRoutes: number[];
  /** Number of flaps that have ended. */
  flaps: number;
  flapping: boolean;
  /** Traces in a row on one route while flapping. */
  stableTraces: number;
}

/** The memory of the reach machine. */
export interface ReachState {
  /**
   * Traces that reached the destination and all traces, decaying exponentially: does it answer at
   * all?
   */
  reached: number;
  seen: number;
  /** Traces that came to the usual end and all traces, decaying exponentially. */
  hits: number;
  traces: number;
  /** Traces missed in a row, not yet part of `traces`. */
  missed: number;
  /** The ends of the missed traces that lost no more than their tail. */
  ends: ShortEnd[];
  /** Missed traces that a router answered with an ICMP error, or that circled. */
  reportedMisses: number;
  /** Traces that ended in an ICMP error, decaying with `seen`. */
  errors: number;
  firstMissAt: number | null;
  lastHitAt: number | null;
  unreachable: boolean;
  muted: boolean;
  /** Hits in a row. */
  hitsInRow: number;
  /** Traces since the end of the last outage; null when there was none. */
  sinceOutage: number | null;
  /** Traces since the outage began. */
  outage: number;
}

/** The memory of the loss machine. */
export interface LossState {
  open: { readonly at: number } | null;
  /**
   * The last 24 traces as bits, newest lowest; 1 is a miss, or a trace that lost many of its
   * probes.
   */
  recent: number;
  /** Lost shares of the last 24 traces, oldest first, where they have many probes. */
  shares?: number[];
  /** Traces in a row that did not reach the destination. */
  inRow: number;
  evidence: number;
  /** Evidence that the open loss is over. */
  recoveryEvidence?: number;
  /** The usual loss: misses and traces, decaying exponentially. */
  misses: number;
  traces: number;
  /** The traces under suspicion, not part of the usual loss yet. */
  pendingMisses: number;
  pendingTraces: number;
  /** Alarms raised so far. */
  alarms: number;
}

/**
 * The memory of the machines of RTT, loss and MTU: the open shift, loss and drop, null for none.
 */
export interface PerformanceState {
  rtt: {
    readonly at: number;
    readonly beforeMs: number;
    readonly afterMs: number;
    /** It has a worse verdict; absent in older states, where it has. */
    readonly worse?: boolean;
  } | null;
  mtu: { readonly at: number; readonly before: number; readonly after: number } | null;
  /**
   * Traces with a low MTU in a row; the start of the first of them, and of the last trace before
   * it.
   */
  lowMtus: number;
  lowSince?: { after: number | null; by: number | null };
  loss: LossState;
}

/** Alerts of one test that belong together because the test was not stable in between. */
export interface PendingAlert {
  /** An alert was raised and has not been closed. */
  open: boolean;
  flapping: boolean;
  /** It reported an outage that continues; absent in older states. */
  outage?: boolean;
}

/** The state of the detection between two traces of a test; a few kilobytes. */
export interface DetectionState {
  readonly testId: string;
  devices: DeviceTable;
  /** Number of processed traces. */
  traces: number;
  newestAt: number | null;
  /** The last late trace, and how many late ones came in a row, each newer than the one before. */
  late: { readonly at: number; readonly count: number } | null;
  route: RouteState;
  reach: ReachState;
  /** Absent in older states. */
  silentEnd?: SilentEndState;
  performance: PerformanceState;
  pendingAlert: PendingAlert;
}
