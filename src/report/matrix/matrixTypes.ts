import type { CellView } from './matrixCell.ts';

/**
 * A row or column of the matrix: all endpoints of the same name, so that IPv4 and IPv6 share it.
 */
export interface Host {
  readonly name: string;
  /** The configured display name, else `name` without the domain that all hosts share. */
  readonly shortName: string;
  /** Whether the short name is a configured display name. */
  readonly hasDisplayName: boolean;
  /** Heading of its group; '' for none. */
  readonly group: string;
  /** Known addresses, in the order of the endpoints. */
  readonly addresses: readonly string[];
}

/** Hosts in the order of the endpoints, and the host of each `endpointId`. */
export interface Hosts {
  readonly list: readonly Host[];
  readonly indexById: ReadonlyMap<string, number>;
}

/** Neighboring hosts under one heading: `size` hosts from index `first` of the list of hosts. */
export interface HostGroup {
  readonly name: string;
  readonly first: number;
  readonly size: number;
}

/** The cell of a pair; `slots` is empty if the pair has no test. */
export interface GridCell {
  /** Source and destination are the same host. */
  readonly isSelf: boolean;
  /** One for each family of the mesh; null for a family without a test. */
  readonly slots: readonly (CellView | null)[];
  /** IPv4 and IPv6 have different AS paths. */
  readonly hasDifferingAsPath: boolean;
}
