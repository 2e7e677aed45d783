import type { Subscription } from '../../model/alerting/subscription.ts';
import type { Change, Severity } from '../../model/change/change.ts';
import { severityRank } from '../../model/change/change.ts';
import { selectedBy, type TestGroup } from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';

/** A mail address or webhook, with its subscription and hours. */
export interface Recipient extends Subscription {
  /** Unique and stable: each Message-ID depends on it. */
  readonly id: string;
  readonly channel: 'email' | 'webhook';
}

/** Whether a severity is at least as bad as another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severityRank(severity) <= severityRank(least);
}

/** Whether a recipient subscribed to a change, whatever its severity. */
export function isSubscribed(
  recipient: Pick<Subscription, 'classes' | 'tests' | 'groups'>,
  change: Pick<Change, 'class'>,
  test: Test,
  groups: readonly TestGroup[],
): boolean {
  const { classes } = recipient;
  if (classes.length > 0 && !classes.includes(change.class)) return false;
  return selectedBy(recipient, test, groups) !== null;
}
