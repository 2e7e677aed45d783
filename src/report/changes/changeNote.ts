import { silenceDetails } from '../../model/alerting/silence.ts';
import { acceptanceText } from '../../model/change/acceptance.ts';
import type { Severity } from '../../model/change/change.ts';
import {
  acceptedOf,
  type ChangeRecord,
  canStayOpen,
  endedAtOf,
} from '../../model/change/changeRecord.ts';
import { formatDuration, type TimeText, timeText } from '../../model/values/format.ts';
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
  /** See `acceptedText`. */
  readonly accepted: string;
  /** Reason of the silence that covers it; null without one. */
  readonly silenced: string | null;
  /** See `silenceDetails`; '' without a silence. */
  readonly silenceText: string;
}

/** A change in one line. */
export function changeNote(record: ChangeRecord, nameOf: HostNameLookup): ChangeNote {
  const { change, silence } = record;
  const endedAt = endedAtOf(record);
  return {
    anchor: historyAnchor(change),
    severity: change.severity,
    title: changeTitle(change),
    at: timeText(change.onset.by),
    verdict: verdictView(change),
    difference: differenceText(change, nameOf),
    end: endedAt === null || !canStayOpen(change) ? null : timeText(endedAt),
    accepted: acceptedText(record),
    silenced: silence?.reason ?? null,
    silenceText: silence === null ? '' : silenceDetails(silence),
  };
}

/**
 * `accepted as the new baseline after 7 d`, or who accepted it, when and why; '' for a change that
 * was not accepted.
 */
export function acceptedText(record: ChangeRecord): string {
  const { change, acceptance } = record;
  if (acceptance !== null) return acceptanceText(acceptance);
  const accepted = acceptedOf(record);
  if (accepted === null) return '';
  return `accepted as the new baseline after ${formatDuration(accepted.at - change.onset.by)}`;
}
