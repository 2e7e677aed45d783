import { utcTime } from '../values/format.ts';
import type { Change } from './change.ts';

/** An operator's word that a change is usual from now on, until it is taken back. */
export interface Acceptance {
  readonly changeId: string;
  /** Epoch seconds. */
  readonly at: number;
  /** User who accepted it; null if unknown. */
  readonly by: string | null;
  /** Why. */
  readonly note: string | null;
}

/** An accepted change that results have not shown to be over. */
export interface AcceptedChange {
  readonly change: Change;
  readonly acceptance: Acceptance;
}

/** `accepted on 2026-11-29 14:00 UTC by ops: decommissioned link`. */
export function acceptanceText(acceptance: Acceptance): string {
  return `accepted ${acceptanceDetails(acceptance)}`;
}

/** `on 2026-11-29 14:00 UTC by ops: decommissioned link`. */
export function acceptanceDetails({
  at,
  by,
  note,
}: Pick<Acceptance, 'at' | 'by' | 'note'>): string {
  const author = by === null ? '' : ` by ${by}`;
  return `on ${utcTime(at)}${author}${note === null ? '' : `: ${note}`}`;
}
