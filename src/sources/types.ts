import type { ExpectedError } from '../lib/errors.ts';
import type { ServerClock } from '../lib/http/serverClock.ts';
import type { HttpCounters } from '../lib/http/types.ts';
import type {
  MetricDay,
  MetricName,
  MetricPosition,
  MetricTest,
  MetricType,
} from '../model/metric/metric.ts';
import type { Problem } from '../model/run/problem.ts';
import type { StreamPosition } from '../model/run/streamPosition.ts';
import type { ProbeProtocol, Test } from '../model/test/test.ts';
import type { Failure, Interval, Responder, Trace } from '../model/trace/trace.ts';

/** Address and limits of one archive. */
export interface ArchiveOptions {
  /** As the user gave it: `host`, `host:port`, or the base URL with its path. */
  readonly url: string;
  /** PEM certificates to trust in addition to the system's; null for none. */
  readonly caPem: string | null;
  /** SHA-256 fingerprint (`AB:CD:…`) of the only certificate to accept; null or absent for none. */
  readonly fingerprint?: string | null;
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** Parallel requests. */
  readonly concurrency: number;
  /** Longest wait for the first byte of a response, and for each further one. */
  readonly timeoutSeconds: number;
  /** Retries of a request when the server is overloaded or the connection breaks. */
  readonly retries: number;
  /** Limit of one response, as transferred and as decoded. */
  readonly maxResponseBytes: number;
  /** Limit of all responses together, as decoded. */
  readonly maxTotalBytes: number;
  /** Limit of the time from the first request on. */
  readonly maxTotalSeconds: number;
  /** Wait before the first retry, milliseconds; one second if absent. */
  readonly retryDelayMs?: number;
  /** Value of the header `Authorization`; null or absent for none. */
  readonly authorization?: string | null;
  /** Daily figures to read besides traces; absent for none. */
  readonly metrics?: readonly MetricName[];
}

/** The connections to an archive. */
export interface ArchiveConnection {
  /** Identity as in `Test.archive`. */
  readonly id: string;
  /** The base URL that answered; before the first response, the one to try first. */
  readonly url: string;
  readonly counters: Readonly<HttpCounters>;
  /** Offset of the archive's clock. */
  readonly clock: Readonly<ServerClock>;
  /** Closes all connections. */
  close(): Promise<void>;
}

/**
 * A measurement archive. `listTests` and `readTraces` throw an `ExpectedError` if the archive gives
 * no usable response. Faults of single tests or results are problems next to the good ones.
 */
export interface Archive extends ArchiveConnection {
  /** The traceroute tests with results in the window. */
  listTests(window: Interval): Promise<TestList>;
  /**
   * The results of one test in batches, oldest first. Batches yielded before an error are valid.
   */
  readTraces(test: ReadableTest, window: Interval): AsyncIterable<ResultBatch>;
}

/** An archive that sends the results of all its tests as one stream. */
export interface StreamArchive extends ArchiveConnection {
  /**
   * Whether it lets this host read it, by one small request for each of its possible addresses.
   * `isPatient`: repeats a request that fails. Does not throw an `ExpectedError`.
   */
  probe(isPatient: boolean): Promise<StreamAccess>;
  /**
   * The results that earlier runs have not read. Batches yielded before an error are valid. Throws
   * an `ExpectedError` if the archive gives no usable response.
   */
  read(request: StreamRequest): AsyncIterable<StreamBatch>;
  /**
   * The daily figures of other tests that earlier runs have not read; null if this archive has
   * none. Batches yielded before an error are valid. Throws an `ExpectedError`.
   */
  readonly readMetrics: ((request: MetricRequest) => AsyncIterable<MetricBatch>) | null;
}

/** The metrics to read. */
export interface MetricRequest {
  readonly type: MetricType;
  readonly window: Interval;
  /** Epoch seconds. */
  readonly now: number;
  /** Where the last run ended; null before the first one. */
  readonly position: MetricPosition | null;
}

/** The whole of one day of one test. */
export interface MetricReading {
  readonly test: MetricTest;
  readonly day: MetricDay;
}

/** A piece of the metrics. */
export interface MetricBatch {
  readonly readings: readonly MetricReading[];
  /** To record once all has been stored; null before the end. */
  readonly position: MetricPosition | null;
}

/**
 * The result of a probe. `refused`: it does not let this host read it, or is another program;
 * `rejected`: it rejects the login of the configuration; `failed`: it did not respond, so another
 * attempt may succeed.
 */
export type StreamAccess =
  | { readonly kind: 'readable' }
  | { readonly kind: 'refused' | 'rejected' | 'failed'; readonly error: ExpectedError };

/** The results to read from a stream. Times are epoch seconds. */
export interface StreamRequest {
  readonly window: Interval;
  readonly now: number;
  /** Where the last run ended; null before the first one. */
  readonly position: StreamPosition | null;
  /** The tests of this archive that earlier runs have read. */
  readonly tests: readonly StreamedTest[];
}

/** The part of a known test that identifies it in a stream. */
export type StreamedTest = Pick<TestDescription, 'id' | 'key' | 'tool' | 'source' | 'destination'>;

/** One piece of a stream. */
export interface StreamBatch {
  readonly readings: readonly StreamReading[];
  /** To record together with the readings; null to leave the recorded one. */
  readonly position: StreamPosition | null;
  /** The interval that has been read of every test, once the stream has ended; else null. */
  readonly covered: Interval | null;
  readonly problems: readonly Problem[];
}

/** The results of one test in a piece of a stream. Traces are as in `ResultBatch`. */
export type StreamReading = Omit<LocalReading, 'interval'>;

/** A test as its source describes it. */
export type TestDescription = Omit<Test, 'intervalSeconds'> & {
  /**
   * Interval between results that the archive states, seconds; 0 if it states that the test runs
   * once; null or absent if it states nothing.
   */
  readonly scheduleSeconds?: number | null;
  /**
   * Event types of the archive that may hold results of this test in the listed window; empty for a
   * test without an archive.
   */
  readonly eventTypes: readonly string[];
};

/** The part of a test that reading its results requires, from a fresh or a stored description. */
export type ReadableTest = Pick<Test, 'id' | 'key' | 'tool' | 'destination' | 'parameters'> & {
  readonly eventTypes: readonly string[];
  /** Helps to detect missing results; null or absent if unknown. */
  readonly intervalSeconds?: number | null;
};

/** The tests of an archive, without invalid descriptions, which are in `problems`. */
export interface TestList {
  readonly tests: readonly TestDescription[];
  /** The archive may leave out results without an error, as elmond does. */
  readonly mayHideResults: boolean;
  /** The whole list was read and is not empty, so later runs need only newer tests. */
  readonly isComplete: boolean;
  readonly problems: readonly Problem[];
}

/** The results of one test in one interval. */
export interface ResultBatch {
  readonly interval: Interval;
  /**
   * The interval may be recorded as covered: all of it was read, or another request would not bring
   * the rest.
   */
  readonly complete: boolean;
  /** Ascending in time, one per second. Equal routes are one object. */
  readonly traces: readonly Trace[];
  /** Every address of `traces`. */
  readonly responders: ReadonlyMap<string, Responder>;
  readonly failures: readonly Failure[];
  readonly problems: readonly Problem[];
  /** Faults that last and that the archive has to mend: each is reported once. */
  readonly warnings: readonly Problem[];
}

/** Runs of one test without an archive. */
export interface LocalReading {
  readonly test: TestDescription;
  /** From the first run to the last. */
  readonly interval: Interval;
  /** Ascending in time, one per start. Equal routes are one object. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  readonly failures: readonly Failure[];
}

/** Part of an imported file, so that a file of any size needs little memory. */
export interface ImportPart {
  readonly readings: readonly LocalReading[];
  readonly problems: readonly Problem[];
  /** Number of runs in `readings`. */
  readonly runs: number;
  /** Those that identify a host only by its name; such hops count as silent. */
  readonly namedRuns: number;
  /** Bytes of the file since the previous part. */
  readonly bytes: number;
  /** Where to resume once the file has grown; null to read it from its beginning. */
  readonly resume: FileResume | null;
}

/** How far an import has read a file. */
export interface FileResume {
  /** The last run that was read, at which the next import begins: its line and its first byte. */
  readonly line: number;
  readonly byte: number;
  /** Earlier lines that the runs from there on may require. */
  readonly context: readonly string[];
  /** Bytes that were read. */
  readonly readBytes: number;
}

/** The probes that a target receives. */
export interface ProbePlan {
  readonly protocol: ProbeProtocol;
  /** Destination port; null for icmp, and for udp if the tool counts its ports up. */
  readonly port: number | null;
  /** Probes to each hop. */
  readonly packets: number;
  /** Length of a probe with its headers; null for the tool's default. */
  readonly packetBytes: number | null;
  readonly maxTtl: number;
  /** Time between two probes to the same hop. mtr lets only root go below a second. */
  readonly probeIntervalSeconds: number;
  /** Wait for late replies after the last probe; absent for the tool's own. */
  readonly graceSeconds?: number;
}
