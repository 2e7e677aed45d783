import type { Change } from './change.ts';
import type { Incident } from './incident.ts';
import type { Acknowledgement, Silence } from './silence.ts';
import type { Test } from './test.ts';

/** A change with what became of it. */
export interface ChangeRecord {
  readonly change: Change;
  readonly test: Test;
  /** The incident that it is part of; null for what is no part of any. */
  readonly incidentId: string | null;
  /** Epoch seconds; null while it lasts. */
  readonly closedAt: number | null;
  /** It ended because it is normal now. */
  readonly accepted: boolean;
  /** What keeps people from being told of it; null for nothing. */
  readonly silence: Silence | null;
}

/** What pages and lists tell of the changes of a mesh. */
export interface MeshChanges {
  /** Newest first, by when they were detected. */
  readonly records: readonly ChangeRecord[];
  /** Newest first, by when they began. */
  readonly incidents: readonly Incident[];
  readonly acknowledgements: readonly Acknowledgement[];
}
