import type { ChangeClass, Severity } from '../change/change.ts';
import type { TimeOfDayRange } from '../values/time.ts';

/** The changes that a recipient subscribed to, and when it gets messages about them. */
export interface Subscription {
  /** For people; several recipients may share it. */
  readonly name: string;
  /** Subscribed tests and classes; empty lists mean all. `tests` are patterns of `matchesTest`. */
  readonly groups: readonly string[];
  readonly tests: readonly string[];
  readonly classes: readonly ChangeClass[];
  /** Lowest severity for immediate messages. */
  readonly alertFrom: Severity;
  /** Lowest severity for the daily digest; null: no digest. */
  readonly digestFrom: Severity | null;
  /** Time of the digest, minutes since midnight. */
  readonly digestAt: number;
  /** Hours in which only messages about critical incidents are sent; null: none. */
  readonly quiet: TimeOfDayRange | null;
  /** IANA time zone of the quiet hours and the digest. */
  readonly timeZone: string;
  /** Limit of messages per hour; a summary holds the excess. */
  readonly perHour: number;
}
