import type { Family } from './test.ts';

/** A measuring host as the administrator's templates describe it. */
export interface PlannedHost {
  /** Host name or canonical address, as tests name their ends. */
  readonly address: string;
  readonly displayName: string;
  readonly organization: string | null;
  /** Heading under which the host stands: its organization, else its first tag, else its group in the template. */
  readonly group: string;
}

/** A test that the templates promise. */
export interface PlannedTest {
  /** `address` of two of the hosts. */
  readonly source: string;
  readonly destination: string;
  /** null: whichever family the names resolve to. */
  readonly family: Family | null;
}

/** What the administrator set up, as far as it concerns traces: who measures whom, and under which names. */
export interface MeshPlan {
  /** In the order of the templates' groups; each address once. */
  readonly hosts: readonly PlannedHost[];
  /** Each source, destination and family once. */
  readonly tests: readonly PlannedTest[];
}
