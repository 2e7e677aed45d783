import {
  type Incident,
  isOpenIncident,
  type MergedIds,
  resolveMergedId,
} from '../../model/incident/incident.ts';
import { incidentText } from '../../model/incident/incidentText.ts';
import { utcTime } from '../../model/values/format.ts';
import type { DescribedIncident } from '../../notify/monitoring/nagiosCheck.ts';
import { incidentCode } from '../../notify/routing/incidentCode.ts';
import type { Store } from '../../store/store.ts';
import { type ItemWords, onlyMatch } from './onlyMatch.ts';

/** The open incidents, newest first. */
export function openIncidents(store: Store): Incident[] {
  return store.incidents
    .active()
    .map(({ incident }) => incident)
    .filter(isOpenIncident)
    .sort((a, b) => b.from - a.from);
}

/**
 * Finds one of some incidents by its id or the start of its code, or by those of an incident merged
 * into it. Throws a `UsageError` unless exactly one has that name.
 */
export function findIncident(
  name: string,
  incidents: readonly Incident[],
  secret: Buffer | null,
  { mergedIds, words }: { readonly mergedIds: MergedIds; readonly words: ItemWords },
): Incident {
  const matches = (id: string) =>
    id === name || incidentCode(id, secret).startsWith(name.toLowerCase());
  const ids = new Set(
    Object.keys(mergedIds)
      .filter(matches)
      .map((id) => resolveMergedId(mergedIds, id)),
  );
  const matching = incidents.filter(({ id }) => matches(id) || ids.has(id));
  return onlyMatch(name, matching, words);
}

/** An incident and the sentence that pages have about it. */
export function describeIncident(incident: Incident, store: Store): DescribedIncident {
  const changes = store.changes.ofIncident(incident.id).map(({ change }) => change);
  const ids = new Set(incident.tests);
  const tests = store.tests().filter(({ id }) => ids.has(id));
  return { incident, text: incidentText(incident, changes, tests) };
}

/**
 * `1f0c2a3b  major  since 2026-11-20 18:00 UTC  unreachable, 12 tests, link a – b  acknowledged by
 * alice: rerouting`, with the remark at its end.
 */
export function incidentLine(
  { incident, text }: DescribedIncident,
  secret: Buffer | null,
  remark: string,
): string {
  const { id, severity, from } = incident;
  const parts = [incidentCode(id, secret), severity, `since ${utcTime(from)}`, text];
  return [...parts, ...(remark === '' ? [] : [remark])].join('  ');
}
