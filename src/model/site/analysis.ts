import type { Problem } from '../run/problem.ts';
import type { PlannedHost } from '../test/meshPlan.ts';
import type { Endpoint, Family, Test } from '../test/test.ts';
import type { Failure, Interval, Responder, Trace } from '../trace/trace.ts';

/**
 * State of a test or cell, worst first. `unreached`: the destination replied before but no longer
 * does; `changed`: the route differs from the usual one; `degraded`: RTT or loss is worse than
 * usual; `flapping`: the route keeps changing; `filtered`: the destination never replies, but the
 * route is stable; `accepted`: an operator accepted a lasting change; `stale`: no result for more
 * than 2.5 intervals; `failed`: the archive reports that the test fails; `untested`: a test is
 * expected but has no result yet, or only results of two hosts under one key.
 */
export const states = [
  'unreached',
  'changed',
  'degraded',
  'flapping',
  'filtered',
  'accepted',
  'ok',
  'stale',
  'failed',
  'untested',
] as const;
export type State = (typeof states)[number];

const rankByState = new Map(states.map((state, index) => [state, index]));

/** Position of a state in `states`, 0 for the worst. */
export function stateRank(state: State): number {
  return rankByState.get(state) ?? states.length;
}

/** The worse of two states. */
export function worseState(a: State, b: State): State {
  return stateRank(a) <= stateRank(b) ? a : b;
}

/** `warn`: the last sample is above the threshold; `unknown`: fewer than 5 samples. */
export type HopStatus = 'ok' | 'warn' | 'unknown';

/** RTT statistics of one responder at one ttl over the window, ms; null if no sample has a time. */
export interface HopStatistics {
  readonly ttl: number;
  readonly address: string;
  /** Traces of the window in which this address replied at this ttl with a time. */
  readonly samples: number;
  readonly lastMs: number | null;
  readonly minMs: number | null;
  /**
   * Quartiles are Tukey hinges: if the number of samples is odd, both halves exclude the median.
   */
  readonly q1Ms: number | null;
  readonly medianMs: number | null;
  readonly q3Ms: number | null;
  readonly maxMs: number | null;
  /** Sample standard deviation; null below 2 samples. */
  readonly stdevMs: number | null;
  /** Upper quartile + 1.5 x interquartile range. */
  readonly thresholdMs: number | null;
  readonly status: HopStatus;
}

/**
 * A hop of a route pattern: every address that replied there, and its AS if all known ones agree.
 */
export interface PatternHop {
  readonly ttl: number;
  /** Empty: silent throughout. */
  readonly addresses: readonly string[];
  readonly asn: number | null;
}

/** Probes to one ttl over some traces, and their replies. */
export interface ProbeCount {
  readonly sent: number;
  readonly received: number;
  readonly byAddress: ReadonlyMap<string, number>;
}

/**
 * One of the different routes of the window, lettered by first appearance (A, B, …, Z, AA, …).
 * Traces are one variant if they are equal with silent hops as wildcards, or if they differ only in
 * addresses of one AS that alternate at a ttl (load balancing); `route` then lists several
 * addresses there.
 */
export interface RouteVariant {
  readonly letter: string;
  readonly route: readonly PatternHop[];
  readonly reached: boolean;
  /** AS numbers in route order; equal neighbors are merged, unknown hops skipped. */
  readonly asPath: readonly number[];
  readonly traces: number;
  /** Share of the window's traces, 0 to 1. */
  readonly share: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** RTT to the destination, ms. */
  readonly medianRttMs: number | null;
  readonly pathMtu: number | null;
  /**
   * By ttl; null if the tool sends too few probes to a hop to measure loss (traceroute, tracepath).
   */
  readonly probes: ReadonlyMap<number, ProbeCount> | null;
}

/**
 * Consecutive traces with the same variant. An outage is a period of its own; it begins where the
 * route was last seen.
 */
export interface RoutePeriod {
  /** Start of the first and of the last trace of the period, epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly traces: number;
  readonly variant: string;
  readonly reached: boolean;
  readonly route: readonly PatternHop[];
  readonly asPath: readonly number[];
}

/**
 * A route period as the store retains it after its traces are pruned. Letters are valid only among
 * periods on one page, and the AS path follows from the route.
 */
export type StoredRoutePeriod = Omit<RoutePeriod, 'variant' | 'asPath'> & {
  /** Continues the period before it: midnight UTC merely cut one period in two. */
  readonly continues: boolean;
};

/** One trace as a point of the test's time axis. */
export interface SeriesPoint {
  readonly at: number;
  readonly variant: string;
  /** To the destination, ms; null if it was not reached or has no time. */
  readonly rttMs: number | null;
  readonly reached: boolean;
  /**
   * ttl of the destination, or of the last reply if the trace did not reach it. A silent hop before
   * the destination counts only if it replies in other traces of the variant.
   */
  readonly hops: number;
  readonly pathMtu: number | null;
}

/** Everything the pages of one test show. */
export interface TestAnalysis {
  readonly test: Test;
  readonly window: Interval;
  readonly state: State;
  /**
   * Start of the state, also before the window, epoch seconds; null if it has held for as long as
   * changes are known.
   */
  readonly stateSince: number | null;
  /** Sentences with figures that explain the state, without a host name. */
  readonly stateReason: string;
  /** The destination answered in the window, or an outage lasts: a trace that misses it counts. */
  readonly answers: boolean;
  readonly latest: Trace | null;
  /** Start of the newest trace, also one before the window, epoch seconds; null if it had none. */
  readonly lastTraceAt: number | null;
  /** Length of the latest route as in `SeriesPoint.hops`; null without a trace. */
  readonly hops: number | null;
  readonly asPath: readonly number[];
  /** RTT to the destination: of the latest trace, and the usual one; see `usualValue`. */
  readonly rttMs: number | null;
  readonly usualRttMs: number | null;
  /** Start of the first and the last trace that showed the usual value; null if unknown. */
  readonly usualFrom: number | null;
  readonly usualTo: number | null;
  /**
   * Percentage of the window's traces that did not reach the destination. If the tool sends many
   * probes, the percentage of lost probes to it, averaged over the traces. null without a trace.
   */
  readonly lossPct: number | null;
  readonly traces: number;
  /** Ordered by ttl; at one ttl, addresses of the latest trace first, then by number of samples. */
  readonly hopStatistics: readonly HopStatistics[];
  /** Oldest first. */
  readonly periods: readonly RoutePeriod[];
  /** By share, largest first. */
  readonly variants: readonly RouteVariant[];
  /** Ascending in time. */
  readonly series: readonly SeriesPoint[];
  readonly failures: readonly Failure[];
  /** Every address that occurs in the window's traces. */
  readonly responders: ReadonlyMap<string, Responder>;
  readonly problems: readonly Problem[];
}

/** State and figures of a test, as in `TestAnalysis` and its latest trace. */
export interface TestFigures {
  readonly state: State;
  readonly stateSince: number | null;
  readonly stateReason: string;
  readonly rttMs: number | null;
  readonly usualRttMs: number | null;
  readonly usualFrom: number | null;
  readonly usualTo: number | null;
  readonly lossPct: number | null;
  readonly hops: number | null;
  readonly pathMtu: number | null;
  readonly asPath: readonly number[];
  readonly reached: boolean | null;
  readonly lastTraceAt: number | null;
  /** Start of the current route, including outages on it; null if it is the first of the window. */
  readonly lastRouteChangeAt: number | null;
}

/**
 * `TestAnalysis` without its series: all that the mesh pages need, so that thousands fit into
 * memory.
 */
export interface TestSummary extends TestFigures {
  readonly test: Test;
  readonly variants: number;
  readonly traces: number;
  /**
   * The current route: the addresses of the latest trace, hop by hop, with the destination at
   * `hops`.
   */
  readonly route: readonly PatternHop[];
}

/** One source, destination and family of the matrix. */
export interface MatrixCell extends TestFigures {
  /** `endpointId` of the two ends. */
  readonly source: string;
  readonly destination: string;
  readonly family: Family;
  /**
   * All tests of the cell; the cell shows the first: the worst state, then the newest data.
   */
  readonly testIds: readonly string[];
  /** The states of its other tests that have a problem or no result, in sentences; '' for none. */
  readonly otherStates: string;
}

/** A node of the forward graph: one address, or a measuring host at the edge. */
export interface TopologyNode {
  /**
   * Identity within the graph: `endpointId` of a host, or the address of a router. A private
   * address means a different machine at every site, so its id also contains its endpoint:
   * `192.168.1.1@198.51.100.7`.
   */
  readonly id: string;
  /** The address, or the name of a host without one. */
  readonly address: string;
  readonly hostname: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
  /** `host`: a source or destination of a test. */
  readonly kind: 'host' | 'router';
  /** Tests whose current route contains this node. */
  readonly testIds: readonly string[];
  readonly state: State;
}

/** Two consecutive replying hops of a current route. */
export interface TopologyEdge {
  /** `id` of the two nodes. */
  readonly from: string;
  readonly to: string;
  /** Silent hops between the two; 0 for neighbors. The maximum over the tests that use the edge. */
  readonly silentHops: number;
  readonly testIds: readonly string[];
  /** Worst state among the tests that use it. */
  readonly state: State;
}

/** The union of all current routes. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** Everything the pages of the whole mesh show. */
export interface MeshAnalysis {
  readonly window: Interval;
  /** Sorted by name, then address. */
  readonly sources: readonly Endpoint[];
  readonly destinations: readonly Endpoint[];
  readonly cells: readonly MatrixCell[];
  readonly tests: readonly TestSummary[];
  readonly topology: Topology;
  /** Configured display names and groups of the hosts, by `endpointId`; absent without a plan. */
  readonly labels?: ReadonlyMap<string, PlannedHost>;
}
