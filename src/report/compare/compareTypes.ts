/** `compare/tests.js` as `window.pstraceTests`: the tests that can be compared. */
export interface ComparableTests {
  /** Names of the hosts; tests refer to them by index. */
  readonly hosts: readonly string[];
  readonly tests: readonly ComparedTest[];
}

export type ComparedTest = readonly [
  id: string,
  source: number,
  destination: number,
  family: 4 | 6,
  tool: string,
];

/**
 * `compare/<n>.js` as `window.pstraceRoutes[n]`: the routes in use of the tests of the n-th host.
 */
export interface ComparableRoutes {
  /** Addresses with their host names; hops refer to them by index. */
  readonly addresses: readonly (readonly [address: string, hostname: string | null])[];
  readonly tests: Readonly<Record<string, ComparableRoute>>;
}

export interface ComparableRoute {
  readonly hops: readonly ListedHop[];
  readonly asPath: readonly number[];
  /** Newest round-trip times, ms. */
  readonly rttsMs: readonly number[];
}

export type ListedHop = readonly [ttl: number, asn: number | null, addresses: readonly number[]];
