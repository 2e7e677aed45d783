import type { Acknowledgement, Silence } from '../alerting/silence.ts';
import type { Incident } from '../incident/incident.ts';
import type { Test } from '../test/test.ts';
import type { Acceptance } from './acceptance.ts';
import { type Change, pointEventClasses } from './change.ts';

/** A change with its test, incident and end. */
export interface ChangeRecord {
  readonly change: Change;
  readonly test: Test;
  /** null if it belongs to no incident. */
  readonly incidentId: string | null;
  /** When it ended or became the new baseline, epoch seconds; null while it lasts. */
  readonly closedAt: number | null;
  /** It did not end: it became the new baseline because it lasted. */
  readonly accepted: boolean;
  /** The acceptance by an operator; null without one. */
  readonly acceptance: Acceptance | null;
  /** The silence that covers it; null for none. */
  readonly silence: Silence | null;
}

type ChangeEnd = Pick<ChangeRecord, 'change' | 'closedAt' | 'accepted' | 'acceptance'>;

/** When a change became usual, epoch seconds, and what made it so; null if nothing did. */
export function acceptedOf(
  record: ChangeEnd,
): { readonly at: number; readonly by: 'operator' | 'time' } | null {
  const { closedAt, acceptance } = record;
  if (acceptance !== null) return { at: acceptance.at, by: 'operator' };
  return closedAt !== null && hasBecomeBaseline(record) ? { at: closedAt, by: 'time' } : null;
}

/** When results showed the end of a change, epoch seconds; null if they have not. */
export function endedAtOf(record: ChangeEnd): number | null {
  return hasBecomeBaseline(record) ? null : record.closedAt;
}

function hasBecomeBaseline({ change, accepted }: ChangeEnd): boolean {
  return accepted && canStayOpen(change);
}

/** Whether a change can stay open: a recovery or a new test is a point in time. */
export function canStayOpen({ class: changeClass }: Change): boolean {
  return !pointEventClasses.includes(changeClass);
}

/** Whether a change is open: it lasts, and no operator has accepted it. */
export function isOpenChange(record: ChangeEnd): boolean {
  return record.acceptance === null && isLasting(record);
}

/** Whether results have not shown the end of a change, be it accepted or not. */
export function isLasting({ change, closedAt }: ChangeEnd): boolean {
  return closedAt === null && canStayOpen(change);
}

/** The newest acceptance of some changes by an operator; null without one. */
export function newestAcceptance(
  records: readonly Pick<ChangeRecord, 'acceptance'>[],
): Acceptance | null {
  const found = records.flatMap(({ acceptance }) => acceptance ?? []);
  return found.toSorted((a, b) => b.at - a.at)[0] ?? null;
}

/** The changes of a mesh for pages and lists. */
export interface MeshChanges {
  /** Newest first, by when they were detected. */
  readonly records: readonly ChangeRecord[];
  /** Newest first, by when they began. */
  readonly incidents: readonly Incident[];
  /** By the present ids of their incidents. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** By id of an incident: the ids of those that were merged into it; absent for none. */
  readonly formerIds?: ReadonlyMap<string, readonly string[]>;
}
