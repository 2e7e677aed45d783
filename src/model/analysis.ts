import type { PlannedHost } from './meshPlan.ts';
import type { Problem } from './problem.ts';
import type { Endpoint, Family, Test } from './test.ts';
import type { Failure, Interval, Responder, Trace } from './trace.ts';

/**
 * State of a test or cell, worst first. `unreached`: was reached, the destination no longer answers; `changed`: the route
 * differs from the usual one; `degraded`: RTT or loss against usual; `flapping`; `filtered`: the destination never answers,
 * yet the route is stable; `ok`; `stale`: no result for more than 2.5 intervals; `failed`: the archive reports the
 * test as failing; `untested`: expected, no test known.
 */
export const states = [
  'unreached',
  'changed',
  'degraded',
  'flapping',
  'filtered',
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

/** RTT statistics of one responder at one ttl over the window. Times in ms; null where no sample carries a time. */
export interface HopStatistics {
  readonly ttl: number;
  readonly address: string;
  /** Traces of the window in which this address answered at this ttl with a time. */
  readonly samples: number;
  readonly lastMs: number | null;
  readonly minMs: number | null;
  /** Quartiles are Tukey hinges without the median (the median is left out of both halves when the count is odd). */
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

/** A hop of a route pattern: every address that answered there, and its AS where all that are known agree. */
export interface PatternHop {
  readonly ttl: number;
  /** Empty: silent throughout. */
  readonly addresses: readonly string[];
  readonly asn: number | null;
}

/** Probes to one ttl over some traces, and the answers to them. */
export interface ProbeCount {
  readonly sent: number;
  readonly received: number;
  readonly byAddress: ReadonlyMap<string, number>;
}

/**
 * One of the different routes of the window, lettered by first appearance (A, B, …, Z, AA, …).
 * Traces that are equal under silent hops as wildcards are one variant, and so are those that differ only in addresses
 * of one AS which take turns at a ttl (load sharing): `route` then lists several addresses there.
 */
export interface RouteVariant {
  readonly letter: string;
  readonly route: readonly PatternHop[];
  readonly reached: boolean;
  /** AS numbers in path order, equal neighbours merged, unknown hops bridged. */
  readonly asPath: readonly number[];
  readonly traces: number;
  /** Share of the window's traces, 0 to 1. */
  readonly share: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** RTT to the destination, ms. */
  readonly medianRttMs: number | null;
  readonly pathMtu: number | null;
  /** By ttl; null where the tool sends too few to a hop to tell loss (traceroute, tracepath). */
  readonly probes: ReadonlyMap<number, ProbeCount> | null;
}

/** A run of consecutive traces with the same variant; an outage is a period of its own, cut where the route was last seen. */
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
 * A route period as it is kept for ever, after its traces are gone. The letter means something only among the periods shown
 * together, and the AS path follows from the route.
 */
export type StoredRoutePeriod = Omit<RoutePeriod, 'variant' | 'asPath'> & {
  /** The period before goes on: the two were only cut at midnight UTC. */
  readonly continues: boolean;
};

/** One trace as a point of the test's time axis. */
export interface SeriesPoint {
  readonly at: number;
  readonly variant: string;
  /** To the destination, ms; null when not reached or without a time. */
  readonly rttMs: number | null;
  readonly reached: boolean;
  /**
   * ttl of the destination (a silent hop before it counts only if it answers in other traces of the variant), or of the
   * last answer when it was not reached.
   */
  readonly hops: number;
  readonly pathMtu: number | null;
}

/** Everything the pages of one test show. */
export interface TestAnalysis {
  readonly test: Test;
  readonly window: Interval;
  readonly state: State;
  /** Since when the state holds as far as the window tells, epoch seconds; null when unknown. */
  readonly stateSince: number | null;
  /** One plain sentence with figures, without a host name: why the state is what it is. */
  readonly stateReason: string;
  readonly latest: Trace | null;
  /** Length of the latest route as in `SeriesPoint.hops`; null without a trace. */
  readonly hops: number | null;
  readonly asPath: readonly number[];
  /** RTT to the destination: of the latest trace, and the median of the window (of the usual variant's traces). */
  readonly rttMs: number | null;
  readonly usualRttMs: number | null;
  /**
   * Share of the window's traces that did not reach the destination, percent, or of the probes to it where the tool sends many (the
   * mean over the traces); null without a trace, and where that cannot be told because the archive lists the pair with addresses of the other family.
   */
  readonly lossPct: number | null;
  readonly traces: number;
  /** ttl order; at one ttl the addresses of the latest trace first, then by number of samples. */
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

/** What the mesh pages need of a test: `TestAnalysis` without its series, so that thousands fit into memory. */
export interface TestSummary {
  readonly test: Test;
  readonly state: State;
  readonly stateSince: number | null;
  readonly stateReason: string;
  readonly rttMs: number | null;
  readonly usualRttMs: number | null;
  readonly lossPct: number | null;
  readonly hops: number | null;
  readonly pathMtu: number | null;
  readonly asPath: readonly number[];
  readonly reached: boolean | null;
  readonly lastTraceAt: number | null;
  /** Since when the route now in use is in use, outages on it included, when it is not the window's first; else null. */
  readonly lastRouteChangeAt: number | null;
  readonly variants: number;
  readonly traces: number;
  /** The route now in use: the addresses of the latest trace, hop by hop, the destination at `hops`. */
  readonly route: readonly PatternHop[];
}

/** One source, destination and family of the matrix. */
export interface MatrixCell {
  /** `endpointId` of the two ends. */
  readonly source: string;
  readonly destination: string;
  readonly family: Family;
  /** All tests of the cell; the first is the one shown: the one with the newest data. */
  readonly testIds: readonly string[];
  readonly state: State;
  readonly stateSince: number | null;
  readonly stateReason: string;
  readonly rttMs: number | null;
  readonly usualRttMs: number | null;
  readonly lossPct: number | null;
  readonly hops: number | null;
  readonly pathMtu: number | null;
  readonly asPath: readonly number[];
  readonly reached: boolean | null;
  readonly lastTraceAt: number | null;
  readonly lastRouteChangeAt: number | null;
}

/** A node of the forward graph: one address, or a measuring host at the edge. */
export interface TopologyNode {
  /**
   * Identity within the graph: `endpointId` of a host, the address of a router; a private address, which means another
   * machine at every site, carries the endpoint it belongs to: `192.168.1.1@198.51.100.7`.
   */
  readonly id: string;
  /** The address, or the name of a host without one. */
  readonly address: string;
  readonly hostname: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
  /** `host`: a source or destination of a test. */
  readonly kind: 'host' | 'router';
  /** Tests whose current route passes here. */
  readonly testIds: readonly string[];
  readonly state: State;
}

/** A step from one answering hop to the next of the current routes. */
export interface TopologyEdge {
  /** `id` of the two nodes. */
  readonly from: string;
  readonly to: string;
  /** Silent hops between the two; 0 for neighbours. The largest of the tests that use the edge. */
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
  /** Sorted by name, then address; never by address text alone. */
  readonly sources: readonly Endpoint[];
  readonly destinations: readonly Endpoint[];
  readonly cells: readonly MatrixCell[];
  readonly tests: readonly TestSummary[];
  readonly topology: Topology;
  /** What the administrator calls the hosts, by `endpointId`; absent without a plan. */
  readonly labels?: ReadonlyMap<string, PlannedHost>;
}
