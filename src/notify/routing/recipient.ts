import type { Change, ChangeClass, Severity } from '../../model/change.ts';
import { severityRank } from '../../model/change.ts';
import { selectedBy, type TestGroup } from '../../model/selection.ts';
import type { Test } from '../../model/test.ts';
import type { TimeOfDayRange } from '../../model/time.ts';

/** One receiver of messages: a mail address or a webhook, with what he wants to hear and when. */
export interface Recipient {
  /** Unique among all; part of every Message-ID, so it must not change. */
  readonly id: string;
  /** For people; several receivers may share one. */
  readonly name: string;
  readonly channel: 'email' | 'webhook';
  /** Which tests and classes; empty lists want all. `tests` are patterns as `selects` reads them. */
  readonly groups: readonly string[];
  readonly tests: readonly string[];
  readonly classes: readonly ChangeClass[];
  /** Told at once from this severity on. */
  readonly alertFrom: Severity;
  /** Told in the daily digest from this severity on; null: no digest. */
  readonly digestFrom: Severity | null;
  /** When the digest is due, minutes since midnight. */
  readonly digestAt: number;
  /** Nothing is sent then but what is critical, and its end. */
  readonly quiet: TimeOfDayRange | null;
  /** Of the quiet hours and the digest, as in the IANA database. */
  readonly timeZone: string;
  /** Messages within an hour; what goes beyond becomes one summary. */
  readonly perHour: number;
}

/** Whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severityRank(severity) <= severityRank(least);
}

/** Whether a recipient wants to hear of a change, whatever its severity. */
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
