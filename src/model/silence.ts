import type { ChangeClass } from './change.ts';

/**
 * A time in which nobody is told of certain changes: a silence made by hand or a maintenance window. What is given must
 * all fit; an empty list fits everything. Changes still appear on the pages, marked.
 */
export interface Silence {
  readonly id: string;
  /** Epoch seconds, the end not included. */
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  /** Who made it; null for the configuration. */
  readonly by: string | null;
  /** Patterns as `selects` reads them. */
  readonly tests: readonly string[];
  readonly groups: readonly string[];
  /** Routers, addresses, links (`198.51.100.8/30`), hosts or ASes (`AS64500`), `*` for any characters. */
  readonly elements: readonly string[];
  readonly classes: readonly ChangeClass[];
}

/** Somebody knows of an incident: no more updates, only its end is told. */
export interface Acknowledgement {
  readonly incidentId: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly by: string | null;
  readonly note: string | null;
}
