import type { Family } from './test.ts';

/** A measuring host in the administrator's templates. */
export interface PlannedHost {
  /** Host name or canonical address, as tests name their ends. */
  readonly address: string;
  readonly displayName: string;
  readonly organization: string | null;
  /** Heading of the host: its organization, else its first tag, else its group in the template. */
  readonly group: string;
}

/** A test that the templates expect. */
export interface PlannedTest {
  /** `address` of two of the hosts. */
  readonly source: string;
  readonly destination: string;
  /** null: the family that the names resolve to. */
  readonly family: Family | null;
}

/** The traces that the templates plan: hosts with their names, and tests between them. */
export interface MeshPlan {
  /** In the order of the templates' groups; each address once. */
  readonly hosts: readonly PlannedHost[];
  /** Each source, destination and family once. */
  readonly tests: readonly PlannedTest[];
}
