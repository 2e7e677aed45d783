import { duration } from '../../lib/duration.ts';
import { type ChangeClass, type Severity, severities } from '../../model/change.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { classWords } from '../../model/changeWords.ts';
import { elementText } from '../../model/elementText.ts';
import type { Incident } from '../../model/incident.ts';
import { counted, type TimeText, timeText } from '../format.ts';
import { endName } from '../test/testFacts.ts';

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
  readonly cause: string;
  /** `7 tests`. */
  readonly tests: string;
  /** Tests that use the suspect and did not change: `3 others unaffected`; '' for none or nothing suspected. */
  readonly unaffected: string;
  readonly from: TimeText;
  readonly to: TimeText | null;
  /** '' while it lasts. */
  readonly lasted: string;
  /** `tests still join`, `ended`, `lasts so long that it is normal now`; '' for nothing to add. */
  readonly course: string;
  readonly acknowledged: boolean;
  /** Nobody is told of any of its changes. */
  readonly silenced: boolean;
}

const mostClasses = 3;

const courses: Readonly<Record<Incident['course'], string>> = {
  growing: 'more tests joined lately',
  open: '',
  recovered: '',
  accepted: 'taken as normal now',
};

/** Whether an incident still lasts. */
function isOpen({ course }: Incident): boolean {
  return course === 'growing' || course === 'open';
}

/** `records`: those of the incident, as far as they are known. */
export function incidentView(
  incident: Incident,
  records: readonly ChangeRecord[],
  acknowledged: boolean,
): IncidentView {
  const { id, severity, from, to, course, tests, unaffected } = incident;
  const cause = causeText(incident, records);
  return {
    id,
    href: `changes.html#${encodeURIComponent(id)}`,
    changesHref: `changes.html#${new URLSearchParams({ incident: id })}`,
    severity,
    open: isOpen(incident),
    classes: classesText(incident),
    cause,
    tests: counted(tests.length, 'test'),
    unaffected:
      cause === '' || unaffected.length === 0
        ? ''
        : `${counted(unaffected.length, 'other')} unaffected`,
    from: timeText(from),
    to: to === null ? null : timeText(to),
    lasted: to === null ? '' : duration(to - from),
    course: courses[course],
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
  for (const { class: kind } of bySeverity) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [first, ...others] = counts;
  if (first !== undefined && others.length === 0) return classWords[first[0]];
  const named = [...counts].slice(0, mostClasses).map(([kind, n]) => `${classWords[kind]} (${n})`);
  return [...named, ...(counts.size > mostClasses ? ['and more'] : [])].join(', ');
}

/** `link a – b`, `router a`, `destination b`; the only pair where nothing is suspected; else ''. */
function causeText({ suspect }: Incident, records: readonly ChangeRecord[]): string {
  const { kind, name } = suspect;
  if (kind === 'unknown') {
    const pairs = new Set(
      records.map(({ test }) => `${endName(test.source)} → ${endName(test.destination)}`),
    );
    const [only, ...others] = pairs;
    return others.length === 0 ? (only ?? '') : '';
  }
  if (kind !== 'link') return `${kind} ${calledBy(name, records)}`;
  const ends = records.map((record) => endsOfLink(name, record)).find((each) => each !== null);
  return `link ${ends?.join(' – ') ?? elementText(name)}`;
}

/** The devices at the ends of a link that a change went away from, or behind which times rose; null for another change. */
function endsOfLink(name: string, { change }: ChangeRecord): readonly string[] | null {
  const { edge, around = [], leftLinks } = change.evidence;
  if (!leftLinks.includes(name)) return null;
  return edge ?? (around.length === 2 ? around : null);
}

/** A host as the administrator calls it; anything else by its name. */
function calledBy(name: string, records: readonly ChangeRecord[]): string {
  const ends = records.flatMap(({ test }) => [test.source, test.destination]);
  return ends.find((end) => end.name === name || end.address === name)?.displayName ?? name;
}
