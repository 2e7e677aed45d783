/** Address family of a test: 4 for IPv4, 6 for IPv6. */
export type Family = 4 | 6;

/** Protocols of the probes of a trace. */
export const probeProtocols = ['icmp', 'udp', 'tcp'] as const;
export type ProbeProtocol = (typeof probeProtocols)[number];

/**
 * One end of a test. `address`: canonical IP address; null if the archive could not resolve the
 * name.
 */
export interface Endpoint {
  readonly address: string | null;
  readonly name: string;
  /** The administrator's name for it, if different from `name`. */
  readonly displayName?: string;
}

/**
 * One test as its archive describes it: a pair of hosts, a tool and its parameters (RFC 5388 calls
 * it a traceroute measurement). Series, pages and alerts refer to tests; two tools between the same
 * hosts are two tests.
 */
export interface Test {
  /** Stable, unique and safe as a file name: addresses, tool, and a digest of archive and key. */
  readonly id: string;
  /**
   * Identity of the archive: host, port and path of its base URL without scheme; `local` for
   * measurements of this host.
   */
  readonly archive: string;
  /** The archive's metadata key. */
  readonly key: string;
  /**
   * `traceroute`, `tracepath`, `paris-traceroute`, `dublin-traceroute` or `mtr`, without the prefix
   * `pscheduler/`.
   */
  readonly tool: string;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly family: Family;
  /**
   * Interval between results, seconds: as the archive states it, else their median; null if too few
   * are known.
   */
  readonly intervalSeconds: number | null;
  /** The administrator's name of the task, if any. */
  readonly taskName: string | null;
  /** Other parameters that distinguish tests of one pair: packet size, protocol, ttl limits. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A name of a test: the metadata key of an archive. Times are epoch seconds. */
export interface TestKey {
  readonly archive: string;
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Starts of its first trace, also if that is pruned, and of its newest one; null for none. */
  readonly firstTraceAt: number | null;
  readonly newestTraceAt: number | null;
}

/** Who retired a test: an operator, or the psConfig template that no longer contains it. */
export const retirers = ['operator', 'template'] as const;
export type Retirer = (typeof retirers)[number];

/** A test that no longer belongs to the mesh: since when, epoch seconds, and by whom. */
export interface Retirement {
  readonly at: number;
  readonly by: Retirer;
}

/** Identity of an endpoint in tables and cells: its address if known, else its name. */
export function endpointId(endpoint: Endpoint): string {
  return endpoint.address ?? endpoint.name;
}
