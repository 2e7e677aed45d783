import { type Change, pointEventClasses } from './change.ts';
import type { Incident } from './incident.ts';
import type { Acknowledgement, Silence } from './silence.ts';
import type { Test } from './test.ts';

/** A change with its test, incident and end. */
export interface ChangeRecord {
  readonly change: Change;
  readonly test: Test;
  /** null if it belongs to no incident. */
  readonly incidentId: string | null;
  /** When it ended or was accepted, epoch seconds; null while it is open. */
  readonly closedAt: number | null;
  /** It did not end: it became the new baseline. */
  readonly accepted: boolean;
  /** The silence that covers it; null for none. */
  readonly silence: Silence | null;
}

/** When a change became the new baseline, epoch seconds; null if it did not. */
export function acceptedAtOf({
  change,
  closedAt,
  accepted,
}: Pick<ChangeRecord, 'change' | 'closedAt' | 'accepted'>): number | null {
  return accepted && !pointEventClasses.includes(change.class) ? closedAt : null;
}

/** Whether a change can stay open: a recovery or a new test is a point in time. */
export function canStayOpen({ class: changeClass }: Change): boolean {
  return !pointEventClasses.includes(changeClass);
}

/** Whether a change is open. */
export function isOpenChange({ change, closedAt }: ChangeRecord): boolean {
  return closedAt === null && canStayOpen(change);
}

/** The changes of a mesh for pages and lists. */
export interface MeshChanges {
  /** Newest first, by when they were detected. */
  readonly records: readonly ChangeRecord[];
  /** Newest first, by when they began. */
  readonly incidents: readonly Incident[];
  readonly acknowledgements: readonly Acknowledgement[];
}
