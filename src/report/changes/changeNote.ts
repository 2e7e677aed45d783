import type { Severity } from '../../model/change.ts';
import { acceptedAtOf, type ChangeRecord, canStayOpen } from '../../model/changeRecord.ts';
import { formatDuration, type TimeText, timeText } from '../../model/format.ts';
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
  /** `accepted as the new baseline after 7 d`; '' if it was not. */
  readonly accepted: string;
  /** Reason of the silence that covers it; null without one. */
  readonly silenced: string | null;
}

/** A change in one line. */
export function changeNote(record: ChangeRecord, nameOf: HostNameLookup): ChangeNote {
  const { change, closedAt, silence } = record;
  return {
    anchor: historyAnchor(change),
    severity: change.severity,
    title: changeTitle(change),
    at: timeText(change.onset.by),
    verdict: verdictView(change),
    difference: differenceText(change, nameOf),
    end: closedAt === null || !canStayOpen(change) ? null : timeText(closedAt),
    accepted: acceptedText(record),
    silenced: silence?.reason ?? null,
  };
}

/** `accepted as the new baseline after 7 d`; '' for a change that was not accepted. */
export function acceptedText(record: ChangeRecord): string {
  const acceptedAt = acceptedAtOf(record);
  if (acceptedAt === null) return '';
  const { onset } = record.change;
  return `accepted as the new baseline after ${formatDuration(acceptedAt - onset.by)}`;
}
