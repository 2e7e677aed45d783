import type { HttpCounters } from '../../lib/http/client.ts';
import type { ServerClock } from '../../lib/http/serverClock.ts';
import type { Log } from '../../lib/log.ts';
import type { Interval } from '../../model/trace.ts';
import type { ReadableTest, ResultBatch, TestList } from '../types.ts';
import { parseArchiveAddress } from './archiveAddress.ts';
import { openApi } from './archiveApi.ts';
import { listTests } from './listTests.ts';
import { readTraces } from './readTraces.ts';

/** One archive and how to talk to it. */
export interface ArchiveOptions {
  /** As the user gave it: `host`, `host:port`, or the base URL with its path. */
  readonly url: string;
  /** Certificates in PEM form to trust beside the system's; null for none. */
  readonly caPem: string | null;
  /** Accept the one certificate with this SHA-256 fingerprint (`AB:CD:…`) and no other; null or absent for none. */
  readonly fingerprint?: string | null;
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** Requests at a time. */
  readonly concurrency: number;
  /** For an answer to begin, and for every pause within it; what trickles in gets little more. */
  readonly timeoutSeconds: number;
  /** How often a request is repeated when the server is overloaded or the connection breaks. */
  readonly retries: number;
  /** Limit of one answer, as sent and as decoded. */
  readonly maxResponseBytes: number;
  /** Limit of all answers together, as sent. */
  readonly maxTotalBytes: number;
  /** Wait before the first repetition, milliseconds; one second when absent. */
  readonly retryDelayMs?: number;
}

/**
 * A measurement archive: esmond 1.x, esmond 4.x or elmond. Both calls throw an `ExpectedError` when the archive gives no
 * usable answer; what is wrong with single tests or results comes as problems beside the rest.
 */
export interface Archive {
  /** Identity as in `Test.archive`. */
  readonly id: string;
  /** Its base URL: where it answered, before its first answer where it is asked first. */
  readonly url: string;
  /** The traceroute tests with results in the window. */
  listTests(window: Interval): Promise<TestList>;
  /** The results of one test, oldest first, slice by slice. What was yielded before a throw is good. */
  readTraces(test: ReadableTest, window: Interval): AsyncIterable<ResultBatch>;
  readonly counters: Readonly<HttpCounters>;
  /** How its clock differs from that of this host. */
  readonly clock: Readonly<ServerClock>;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Opens an archive without asking it anything. Throws an `ExpectedError` for an address or CA file that cannot be used. */
export function openArchive(options: ArchiveOptions, log: Log): Archive {
  const api = openApi(options, log);
  return {
    id: api.id,
    get url() {
      return api.base();
    },
    listTests: (window) => listTests(api, window),
    readTraces: (test, window) => readTraces(api, test, window),
    counters: api.counters,
    clock: api.clock,
    close: api.close,
  };
}

/**
 * Identity of an archive: `host[:port]/path`, without scheme and without the ports 80 and 443, so that it survives a move
 * from http to https. Throws an `ExpectedError` for what is no address.
 */
export function archiveId(url: string): string {
  return parseArchiveAddress(url).id;
}
