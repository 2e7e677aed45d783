import type { ChangeClass } from '../change/change.ts';
import { utcTime } from '../values/format.ts';

/**
 * A period without notifications of some changes: a silence made by hand or a maintenance window. A
 * change must match all lists; an empty list matches everything. Pages still show the changes,
 * marked as silenced.
 */
export interface Silence {
  readonly id: string;
  /** Epoch seconds, end excluded. */
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  /** User who made it; null for the configuration. */
  readonly by: string | null;
  /** Patterns of `matchesTest`. */
  readonly tests: readonly string[];
  readonly groups: readonly string[];
  /**
   * Routers, addresses, links (`198.51.100.8/30`), hosts or ASes (`AS64500`); `*` matches any
   * characters.
   */
  readonly elements: readonly string[];
  readonly classes: readonly ChangeClass[];
}

/** An acknowledged incident: updates are muted, but its end is still notified. */
export interface Acknowledgement {
  readonly incidentId: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly by: string | null;
  readonly note: string | null;
}

/** `until 2026-11-29 18:00 UTC by ops: works announced`. */
export function silenceDetails({ until, by, reason }: Silence): string {
  const author = by === null ? '' : ` by ${by}`;
  return `until ${utcTime(until)}${author}: ${reason}`;
}
