/** Metrics that `[[archive]]` may name. */
export const metricNames = ['latency', 'rtt', 'throughput'] as const;
export type MetricName = (typeof metricNames)[number];

/** The types of perfSONAR tests with metrics. Latencies are one-way. */
export const metricTypes = ['latencybg', 'latency', 'rtt', 'throughput'] as const;
export type MetricType = (typeof metricTypes)[number];

/** One perfSONAR test other than a traceroute test, between two addresses. */
export interface MetricTest {
  /** Identity as in `Test.archive`. */
  readonly archive: string;
  readonly type: MetricType;
  /** The archive's key of the test. */
  readonly key: string;
  /** Canonical addresses. */
  readonly source: string;
  readonly destination: string;
  /** The administrator's name of the task, if any. */
  readonly taskName: string | null;
}

/**
 * The runs of a UTC day, counted from the epoch. Values are milliseconds, or bits per second of a
 * throughput: over the runs, the median and the 5th and 95th percentiles. The value of a run is its
 * median latency, its mean RTT or its throughput. null without a run that succeeded.
 */
export interface MetricDay {
  readonly day: number;
  readonly runs: number;
  readonly failed: number;
  readonly median: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Share of lost packets, 0 to 1; null if the tool does not count them. */
  readonly loss: number | null;
}

/** The days of one test, ascending. */
export interface MetricSeries extends MetricTest {
  readonly days: readonly MetricDay[];
}

/** How far the metrics of one type have been read from an archive. */
export interface MetricPosition {
  /** Number of the first UTC day. */
  readonly fromDay: number;
  /** Arrival of the newest result, epoch seconds. */
  readonly arrivedUntil: number;
  /** The moment of reading, epoch seconds. */
  readonly readAt: number;
}
