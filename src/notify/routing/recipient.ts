import type { Change, ChangeClass, Severity } from '../../model/change.ts';
import { severityRank } from '../../model/change.ts';
import { selectedBy, type TestGroup } from '../../model/selection.ts';
import type { Test } from '../../model/test.ts';
import type { TimeOfDayRange } from '../../model/time.ts';

/** A mail address or webhook, with its subscription and hours. */
export interface Recipient {
  /** Unique and stable: each Message-ID depends on it. */
  readonly id: string;
  /** For people; several recipients may share it. */
  readonly name: string;
  readonly channel: 'email' | 'webhook';
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

/** Whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severityRank(severity) <= severityRank(least);
}

/** Whether a recipient subscribed to a change, whatever its severity. */
export function isSubscribed(
  recipient: Pick<Recipient, 'classes' | 'tests' | 'groups'>,
  change: Pick<Change, 'class'>,
  test: Test,
  groups: readonly TestGroup[],
): boolean {
  const { classes } = recipient;
  if (classes.length > 0 && !classes.includes(change.class)) return false;
  return selectedBy(recipient, test, groups) !== null;
}
