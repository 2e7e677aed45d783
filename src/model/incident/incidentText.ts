import { type Change, compareSeverity } from '../change/change.ts';
import { changeClassLabels, countLabels } from '../change/changeLabels.ts';
import type { EndpointPair } from '../test/testText.ts';
import { pluralize } from '../values/format.ts';
import type { Incident } from './incident.ts';
import { suspectText } from './suspectText.ts';

/** The classes of an incident's changes, worst first: `unreachable (1), AS path changed (4)`. */
export function incidentClassesText({ members }: Pick<Incident, 'members'>): string {
  return countLabels(
    members.toSorted(compareSeverity).map((member) => changeClassLabels[member.class]),
  );
}

/**
 * An incident in a line: `unreachable, 7 tests, link a – b`. `changes` are those of the incident,
 * `tests` those that it changed.
 */
export function incidentText(
  incident: Incident,
  changes: readonly Change[],
  tests: readonly EndpointPair[],
): string {
  const suspect = suspectText(incident.suspect, changes, tests) || 'cause unknown';
  const count = pluralize(incident.tests.length, 'test');
  return [incidentClassesText(incident), count, suspect].filter(Boolean).join(', ');
}
