import { type Acceptance, acceptanceText } from '../../model/change/acceptance.ts';
import type { Incident, IncidentMember } from '../../model/incident/incident.ts';
import type { Store } from '../../store/store.ts';

/** The acceptances by operators, by change id. */
export type AcceptancesById = ReadonlyMap<string, Acceptance>;

/** All acceptances. */
export function loadAcceptances(store: Store): AcceptancesById {
  return new Map(store.acceptances.list().map((each) => [each.changeId, each]));
}

/** The incidents that results may still change, with at least one such member. */
export function activeIncidents(
  store: Store,
  hasMember: (member: IncidentMember) => boolean,
): Incident[] {
  return store.incidents
    .active()
    .map(({ incident }) => incident)
    .filter(({ members }) => members.some(hasMember));
}

/** `accepted on … by alice: note`, with the number of changes if others stay open; '' for none. */
export function acceptedRemark({ members }: Incident, acceptances: AcceptancesById): string {
  const accepted = members.flatMap(({ changeId }) => acceptances.get(changeId) ?? []);
  const [newest] = accepted.toSorted((a, b) => b.at - a.at);
  if (newest === undefined) return '';
  const isPart = members.some(({ closedAt }) => closedAt === null);
  return `${isPart ? `${accepted.length} of ${members.length} changes ` : ''}${acceptanceText(newest)}`;
}
