import { type Acknowledgement, silenceDetails } from '../../model/alerting/silence.ts';
import { acceptanceDetails, acceptanceText } from '../../model/change/acceptance.ts';
import type { Severity } from '../../model/change/change.ts';
import { type ChangeRecord, newestAcceptance } from '../../model/change/changeRecord.ts';
import { type Incident, isOpenIncident } from '../../model/incident/incident.ts';
import { incidentClassesText } from '../../model/incident/incidentText.ts';
import { suspectText } from '../../model/incident/suspectText.ts';
import { changePath } from '../../model/site/sitePaths.ts';
import { formatDuration, pluralize, type TimeText, timeText } from '../../model/values/format.ts';

/** An incident as pages show it. */
export interface IncidentView {
  readonly id: string;
  readonly href: string;
  /** Link to its changes. */
  readonly changesHref: string;
  readonly severity: Severity;
  readonly open: boolean;
  /** `unreachable (1), AS path changed (4)`. */
  readonly classes: string;
  /** The suspect: `link a – b`; '' if unknown. */
  readonly suspect: string;
  /** `7 tests`. */
  readonly tests: string;
  /** Tests that use the suspect but did not change: `3 others unaffected`; '' for none. */
  readonly unaffectedTests: string;
  /** `from` its start to its end, `since` its start, or `at` the moment of both. */
  readonly when: 'from' | 'since' | 'at';
  readonly from: TimeText;
  /** null without an end, and for a moment. */
  readonly to: TimeText | null;
  /** '' without an end. */
  readonly duration: string;
  /** `more tests affected recently`, or what accepted it; '' for none. */
  readonly statusNote: string;
  readonly acknowledged: boolean;
  /** All of its changes are silenced. */
  readonly silenced: boolean;
  /** Author, time and reason of its acknowledgement and of the silences of its changes. */
  readonly remarks: readonly string[];
  /** Ids of incidents that were merged into it, whose links lead here. */
  readonly formerIds: readonly string[];
}

const statusNotes: Readonly<Record<Incident['status'], string>> = {
  growing: 'more tests affected recently',
  open: '',
  recovered: '',
  accepted: 'accepted as the new baseline',
};

/** `records`: the known changes of the incident. */
export function incidentView(
  incident: Incident,
  records: readonly ChangeRecord[],
  acknowledgement: Acknowledgement | null,
): Omit<IncidentView, 'formerIds'> {
  const { id, severity, from, status, tests, unaffectedTests } = incident;
  const acceptance = status === 'accepted' ? newestAcceptance(records) : null;
  const endedAt = status === 'accepted' ? null : incident.to;
  const isMoment = endedAt === from;
  const to = isMoment ? null : endedAt;
  const suspect = suspectText(
    incident.suspect,
    records.map(({ change }) => change),
    records.map(({ test }) => test),
  );
  return {
    id,
    href: changePath(id),
    changesHref: `changes.html#${new URLSearchParams({ incident: id })}`,
    severity,
    open: isOpenIncident(incident),
    classes: incidentClassesText(incident),
    suspect,
    tests: pluralize(tests.length, 'test'),
    unaffectedTests:
      suspect === '' || unaffectedTests.length === 0
        ? ''
        : `${pluralize(unaffectedTests.length, 'other')} unaffected`,
    when: isMoment ? 'at' : whenText(to),
    from: timeText(from),
    to: to === null ? null : timeText(to),
    duration: to === null ? '' : formatDuration(to - from),
    statusNote: acceptance === null ? statusNotes[status] : acceptanceText(acceptance),
    acknowledged: acknowledgement !== null,
    remarks: remarksOf(records, acknowledgement),
    silenced: records.length > 0 && records.every(({ silence }) => silence !== null),
  };
}

function whenText(to: number | null): 'from' | 'since' {
  return to === null ? 'since' : 'from';
}

function remarksOf(
  records: readonly ChangeRecord[],
  acknowledgement: Acknowledgement | null,
): string[] {
  const silences = records.flatMap(({ silence }) => silence ?? []);
  return [
    ...(acknowledgement === null ? [] : [`Acknowledged ${acceptanceDetails(acknowledgement)}`]),
    ...new Set(silences.map((silence) => `Silenced ${silenceDetails(silence)}`)),
  ];
}
