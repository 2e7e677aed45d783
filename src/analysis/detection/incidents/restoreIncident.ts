import type { IncidentState } from './incidents.ts';

type Counts = Readonly<Record<string, number>>;

/** An incident of an earlier version: how many of its changes have each element. */
interface CountedIncident extends Pick<IncidentState, 'id' | 'members'> {
  readonly removed: Counts;
  readonly added: Counts;
  readonly loose: Counts;
}

/**
 * A stored incident as this version groups changes. In one of an earlier version, each change then
 * has the elements that half of the changes have.
 */
export function restoreIncident(stored: unknown): IncidentState {
  const incident = stored as IncidentState | CountedIncident;
  const { id, members } = incident;
  if ('traits' in incident) return { id, members, traits: incident.traits };
  const typical = (counts: Counts) =>
    Object.keys(counts).filter((element) => 2 * (counts[element] as number) >= members.length);
  const loose = typical(incident.loose);
  const looseNames = (prefix: string) =>
    loose.flatMap((element) => (element.startsWith(prefix) ? element.slice(prefix.length) : []));
  const common = {
    lost: typical(incident.removed),
    gained: typical(incident.added),
    beside: [...looseNames('near '), ...looseNames('on ')],
    asns: looseNames('as ').map(Number),
    hosts: looseNames('host '),
  };
  const traits = members.map(({ changeId, class: changeClass, after, by }) => [
    changeId,
    { ...common, class: changeClass, after, by },
  ]);
  return { id, members, traits: Object.fromEntries(traits) };
}
