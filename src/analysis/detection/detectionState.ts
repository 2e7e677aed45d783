import type { DeviceTable } from './identity/devices.ts';
import type { Observation } from './observation.ts';
import type { ShortEnd } from './reachability/silenceEvidence.ts';
import type { Baseline } from './route/baseline.ts';

/** A deviating trace that no verdict has been passed on yet. */
export interface Deviation {
  readonly observation: Observation;
  readonly evidence: number;
  /** Id of the remembered regime that explains it, or null. */
  readonly baselineId: number | null;
}

/** A router that the traffic enters over another link, while the hop in front of it is silent. */
export interface LinkChange {
  readonly device: number;
  readonly ttl: number;
  /** The ttl of the hop in front. */
  readonly previousTtl: number;
  /** Start of the trace before the first that showed it. */
  readonly after: number | null;
  evidence: number;
  readonly observations: Observation[];
}

/** The route machine's memory. */
export interface RouteState {
  /** The current regime is being learned from scratch: nothing is a change yet. */
  learning: boolean;
  /** The current regime first, then the remembered ones, most recently used first. */
  baselines: Baseline[];
  /** Traces that fit the current regime but fell short of its end; learned once it is clear that they were no outage. */
  shortTraces: Observation[];
  usualBaselineId: number;
  nextBaselineId: number;
  /** Evidence in nats that the current regime is over. */
  evidence: number;
  deviations: Deviation[];
  linkChange: LinkChange | null;
  /** Last trace explained by the current regime. */
  explainedAt: number | null;
  /** Traces since the current regime took over. */
  sinceSwitch: number;
  switchedAt: number | null;
  /** An alert about a changed route is open. */
  open: boolean;
  /** Traces since an alert was closed by a return, and the regime that had been left. */
  sinceReturn: number | null;
  /** What the last reported change took away. */
  lastRemoved: number[];
  /** Ends of recent real detours, as numbers of traces ago. */
  temporaryRoutes: number[];
  /** Flaps that have ended. */
  flaps: number;
  flapping: boolean;
  /** Equal labels in a row while flapping. */
  stableTraces: number;
}

/** The reach machine's memory. */
export interface ReachState {
  /** Traces that reached the destination, of all, forgotten exponentially: does it answer at all? */
  reached: number;
  seen: number;
  /** Traces that came to the usual end, of all, forgotten exponentially. */
  hits: number;
  traces: number;
  /** Traces missed in a row, not yet counted in `traces`. */
  missed: number;
  /** The ends of those of them that lost no more than their tail. */
  ends: ShortEnd[];
  /** Those of them that a router answered with an ICMP error, or that went round in circles. */
  reportedMisses: number;
  /** Traces that ended in an ICMP error, forgotten with `seen`. */
  errors: number;
  firstMissAt: number | null;
  lastHitAt: number | null;
  unreachable: boolean;
  muted: boolean;
  /** The destination has been silent for so long that this is normal now. */
  silentDestination: boolean;
  /** Hits in a row. */
  hitsInRow: number;
  /** Traces since the end of the last outage; null when there was none. */
  sinceOutage: number | null;
  /** Traces since the outage began. */
  outage: number;
}

/** The loss machine's memory. */
export interface LossState {
  open: { readonly at: number } | null;
  /** The last 24 traces as bits, newest lowest; 1 is a miss, or a trace that lost many of its probes. */
  recent: number;
  /** Lost shares of the last 24 traces, oldest first, where they have many probes. */
  shares?: number[];
  /** Traces in a row that did not reach the destination. */
  inRow: number;
  evidence: number;
  /** Evidence that the open loss is over. */
  recoveryEvidence?: number;
  /** The usual loss: misses of traces, forgotten exponentially. */
  misses: number;
  traces: number;
  /** The traces of the open suspicion, not part of the usual loss yet. */
  pendingMisses: number;
  pendingTraces: number;
  /** Alarms raised so far. */
  alarms: number;
}

/** What the machines of RTT, loss and MTU remember: the open shift, loss and drop, null for none. */
export interface PerformanceState {
  rtt: { readonly at: number; readonly beforeMs: number; readonly afterMs: number } | null;
  mtu: { readonly at: number; readonly before: number; readonly after: number } | null;
  /** Traces with a low MTU in a row, the start of the first of them, and of the last one before it. */
  lowMtus: number;
  lowSince?: { after: number | null; by: number | null };
  loss: LossState;
}

/** Alerts of one test that belong together because the test has not been calm in between. */
export interface PendingAlert {
  /** An alert has been raised and not closed. */
  open: boolean;
  flapping: boolean;
}

/** All that the detection remembers of a test between two traces; a few kilobytes. */
export interface DetectionState {
  readonly testId: string;
  devices: DeviceTable;
  /** Traces taken in. */
  traces: number;
  newestAt: number | null;
  /** The last late trace, and how many late ones have come in a row, each newer than the one before. */
  late: { readonly at: number; readonly count: number } | null;
  route: RouteState;
  reach: ReachState;
  performance: PerformanceState;
  pendingAlert: PendingAlert;
}
