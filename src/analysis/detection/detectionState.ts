import type { DeviceTable } from './identity/devices.ts';
import type { PerformanceState } from './performance/performanceState.ts';
import type { ShortEnd } from './reachability/silenceEvidence.ts';
import type { SilentEndState } from './reachability/silentEnd.ts';
import type { Baseline } from './route/baseline.ts';
import type { RouteDifference } from './route/routeDifference.ts';
import type { WindowTrace } from './route/windowEvidence.ts';

/** A switch between two baselines, named by their ids. */
export interface Swing {
  /** Epoch seconds. */
  readonly at: number;
  readonly routes: readonly [number, number];
}

/** The memory of the route machine. */
export interface RouteState {
  /** The first baseline is being learned: nothing is a change yet. */
  learning: boolean;
  /** The current baseline first, then the remembered ones, most recently used first. */
  baselines: Baseline[];
  usualBaselineId: number;
  nextBaselineId: number;
  /** The newest traces, oldest first, which no baseline has learned. */
  window: WindowTrace[];
  /** Start of the last trace that was learned, epoch seconds. */
  learnedAt: number | null;
  /** Traces in a row in which the destination's address answered early. */
  earlyEnds: number;
  /** Traces in a row that the usual baseline explains as well as the current, other one. */
  usualInRow: number;
  /**
   * Traces since the current baseline took over, or since a flap left it for one; and when it took
   * over.
   */
  sinceSwitch: number;
  switchedAt: number | null;
  /** An alert about a changed route is open, at this level. */
  open: boolean;
  level: RouteDifference['level'] | null;
  /** The changed route made things worse when it was reported. */
  worse: boolean;
  /** The switches of the last hours. */
  swings: Swing[];
  /** The routes between which the traffic swings, and the last trace off the current one. */
  flap: { readonly routes: readonly number[]; readonly swungAt: number } | null;
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
  /** When the last outage ended, epoch seconds; null when there was none. */
  endedAt: number | null;
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
  /** Absent as long as the destination has always answered. */
  silentEnd?: SilentEndState;
  performance: PerformanceState;
  pendingAlert: PendingAlert;
}
