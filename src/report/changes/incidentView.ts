import { type ChangeClass, type Severity, severities } from '../../model/change.ts';
import { changeClassLabels } from '../../model/changeLabels.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { formatDuration, pluralize, type TimeText, timeText } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import { suspectName } from '../../model/suspectText.ts';
import { endpointDisplayName } from '../test/testFacts.ts';

/** An incident as pages show it. */
export interface IncidentView {
  readonly id: string;
  readonly href: string;
  /** The changes that belong to it. */
  readonly changesHref: string;
  readonly severity: Severity;
  readonly open: boolean;
  /** `unreachable (1), AS path changed (4)`. */
  readonly classes: string;
  /** What is thought to be the cause: `link a – b`; '' where nothing is suspected. */
  readonly suspect: string;
  /** `7 tests`. */
  readonly tests: string;
  /** Tests that use the suspect and did not change: `3 others unaffected`; '' for none or nothing suspected. */
  readonly unaffectedTests: string;
  readonly from: TimeText;
  readonly to: TimeText | null;
  /** '' while it lasts. */
  readonly duration: string;
  /** `tests still join`, `ended`, `lasts so long that it is normal now`; '' for nothing to add. */
  readonly statusNote: string;
  readonly acknowledged: boolean;
  /** Nobody is told of any of its changes. */
  readonly silenced: boolean;
}

const maxClasses = 3;

const statusNotes: Readonly<Record<Incident['status'], string>> = {
  growing: 'more tests joined lately',
  open: '',
  recovered: '',
  accepted: 'taken as normal now',
};

/** Whether an incident still lasts. */
function isOpenIncident({ status }: Incident): boolean {
  return status === 'growing' || status === 'open';
}

/** `records`: those of the incident, as far as they are known. */
export function incidentView(
  incident: Incident,
  records: readonly ChangeRecord[],
  acknowledged: boolean,
): IncidentView {
  const { id, severity, from, to, status, tests, unaffectedTests } = incident;
  const suspect = suspectText(incident, records);
  return {
    id,
    href: `changes.html#${encodeURIComponent(id)}`,
    changesHref: `changes.html#${new URLSearchParams({ incident: id })}`,
    severity,
    open: isOpenIncident(incident),
    classes: classesText(incident),
    suspect,
    tests: pluralize(tests.length, 'test'),
    unaffectedTests:
      suspect === '' || unaffectedTests.length === 0
        ? ''
        : `${pluralize(unaffectedTests.length, 'other')} unaffected`,
    from: timeText(from),
    to: to === null ? null : timeText(to),
    duration: to === null ? '' : formatDuration(to - from),
    statusNote: statusNotes[status],
    acknowledged,
    silenced: records.length > 0 && records.every(({ silence }) => silence !== null),
  };
}

/** Classes of the members with their numbers, worst first. */
function classesText({ members }: Incident): string {
  const counts = new Map<ChangeClass, number>();
  const bySeverity = members.toSorted(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  for (const { class: changeClass } of bySeverity)
    counts.set(changeClass, (counts.get(changeClass) ?? 0) + 1);
  const [first, ...others] = counts;
  if (first !== undefined && others.length === 0) return changeClassLabels[first[0]];
  const named = [...counts]
    .slice(0, maxClasses)
    .map(([changeClass, n]) => `${changeClassLabels[changeClass]} (${n})`);
  return [...named, ...(counts.size > maxClasses ? ['and more'] : [])].join(', ');
}

/** `link a – b`, `router a`, `destination b`; the only pair where nothing is suspected; else ''. */
function suspectText({ suspect }: Incident, records: readonly ChangeRecord[]): string {
  const { kind, name } = suspect;
  if (kind === 'unknown') {
    const pairs = new Set(
      records.map(
        ({ test }) =>
          `${endpointDisplayName(test.source)} → ${endpointDisplayName(test.destination)}`,
      ),
    );
    const [only, ...others] = pairs;
    return others.length === 0 ? (only ?? '') : '';
  }
  if (kind !== 'link') return `${kind} ${displayNameOf(name, records)}`;
  const ends = records.map((record) => linkEnds(name, record)).find((names) => names !== null);
  return `link ${ends?.join(' – ') ?? suspectName(name)}`;
}

/** The devices at the ends of a link that a change went away from, or behind which times rose; null for another change. */
function linkEnds(name: string, { change }: ChangeRecord): readonly string[] | null {
  const { edge, adjacent = [], removedLinks } = change.evidence;
  if (!removedLinks.includes(name)) return null;
  return edge ?? (adjacent.length === 2 ? adjacent : null);
}

/** A host as the administrator calls it; anything else by its name. */
function displayNameOf(name: string, records: readonly ChangeRecord[]): string {
  const ends = records.flatMap(({ test }) => [test.source, test.destination]);
  return ends.find((end) => end.name === name || end.address === name)?.displayName ?? name;
}
