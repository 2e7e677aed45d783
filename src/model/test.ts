/** Address family of a test: 4 for IPv4, 6 for IPv6. */
export type Family = 4 | 6;

/** Protocols of the probes of a trace. */
export const probeProtocols = ['icmp', 'udp', 'tcp'] as const;
export type ProbeProtocol = (typeof probeProtocols)[number];

/** One end of a test. `address` is a canonical IP address, or null when the archive could not resolve the name. */
export interface Endpoint {
  readonly address: string | null;
  readonly name: string;
  /** What the administrator calls it, where that is something else than the name. */
  readonly displayName?: string;
}

/**
 * One test as its archive describes it: a pair of hosts, a tool and a set of parameters (RFC 5388 calls it a
 * traceroute measurement). The unit of every series, page and alert; two tools between the same hosts are two tests.
 */
export interface Test {
  /** Stable, injective and safe as a file name: addresses, tool and a digest of archive and key. */
  readonly id: string;
  /** Identity of the archive: host, port and path of its base URL without scheme; `local` for runs of this host. */
  readonly archive: string;
  /** The archive's metadata key. */
  readonly key: string;
  /** `traceroute`, `tracepath`, `paris-traceroute`, `dublin-traceroute`, `mtr`; without the `pscheduler/` prefix. */
  readonly tool: string;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly family: Family;
  /** Median spacing of the results, seconds; null until it can be told. Archives do not state it. */
  readonly intervalSeconds: number | null;
  /** Name that the site's administrator gave the task, if any. */
  readonly taskName: string | null;
  /** Everything else that tells this test from another of the same pair: packet size, protocol, ttl bounds. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What identifies an endpoint in tables and cells: its address where known, else its name. */
export function endpointId(endpoint: Endpoint): string {
  return endpoint.address ?? endpoint.name;
}
