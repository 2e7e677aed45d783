import type { Severity } from '../../model/change.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { type TimeText, timeText } from '../../model/format.ts';
import { changeTitle, differenceText, type HostNameLookup, historyAnchor } from './changeText.ts';
import { type VerdictView, verdictView } from './verdictView.ts';

/** A change as the pages of its test show it. */
export interface ChangeNote {
  /** Anchor on the history page. */
  readonly anchor: string;
  readonly severity: Severity;
  readonly title: string;
  readonly at: TimeText;
  readonly verdict: VerdictView | null;
  readonly difference: string;
  readonly end: TimeText | null;
  readonly accepted: boolean;
  /** Reason of the silence that covers it; null without one. */
  readonly silenced: string | null;
}

/** A change in one line. */
export function changeNote(
  { change, closedAt, accepted, silence }: ChangeRecord,
  nameOf: HostNameLookup,
): ChangeNote {
  return {
    anchor: historyAnchor(change),
    severity: change.severity,
    title: changeTitle(change),
    at: timeText(change.onset.by),
    verdict: verdictView(change),
    difference: differenceText(change, nameOf),
    end: closedAt === null || !canStayOpen(change) ? null : timeText(closedAt),
    accepted,
    silenced: silence?.reason ?? null,
  };
}

/** Whether a change can stay open: a recovery or a new test is a point in time. */
export function canStayOpen({ class: changeClass }: ChangeRecord['change']): boolean {
  return changeClass !== 'recovered' && changeClass !== 'new_test';
}

/** Whether a change is open. */
export function isOpenChange({ change, closedAt }: ChangeRecord): boolean {
  return closedAt === null && canStayOpen(change);
}
