import { isDeepStrictEqual } from 'node:util';
import type { Tables } from '../tables.ts';
import { Damage } from './damage.ts';
import type { TakersOf } from './records.ts';

type Kinds =
  | 'detection'
  | 'pastDetection'
  | 'late'
  | 'mesh'
  | 'finding'
  | 'change'
  | 'incident'
  | 'mergedIncident'
  | 'silence'
  | 'acknowledgement'
  | 'message';

/**
 * What lines about changes do to the tables: what is known already stays. `refuseUnknown` throws `Damage` for a test that is not
 * known.
 */
export function alertTakers(
  tables: Tables,
  refuseUnknown: (test: string) => void,
): TakersOf<Kinds> {
  const { detections, lateness, changes, incidents, silences, acknowledgements, outbox } = tables;
  const merged = new Map(Object.entries(incidents.merged()));
  return {
    detection({ record: _, test, ...kept }) {
      refuseUnknown(test);
      if (detections.load(test) === null) detections.save(test, kept);
    },
    pastDetection({ record: _, test, ...past }) {
      refuseUnknown(test);
      if (past.until < (detections.load(test)?.until ?? 0)) lateness.restore(test, past);
    },
    late({ test, from }) {
      refuseUnknown(test);
      lateness.came(tables.tests.numberOf(test), from);
    },
    mesh({ name, engine }) {
      if (detections.mesh(name) === null) detections.setMesh(name, engine);
    },
    finding({ finding }) {
      const isKnown = (known: unknown) => isDeepStrictEqual(known, finding);
      if (!detections.queued().some(isKnown)) detections.queue([finding]);
    },
    change({ record: _, ...kept }) {
      refuseUnknown(kept.change.testId);
      changes.add(kept);
    },
    incident({ record: _, ...kept }) {
      for (const { testId } of kept.incident.members) refuseUnknown(testId);
      incidents.restore(kept);
    },
    mergedIncident({ id, into }) {
      if (leadsTo(merged, into, id)) throw new Damage('an incident cannot be part of itself');
      merged.set(id, into);
      incidents.merge(id, into);
    },
    silence({ record: _, ...silence }) {
      if (!silences.list().some(({ id }) => id === silence.id)) silences.add(silence);
    },
    acknowledgement({ record: _, ...acknowledgement }) {
      const { incidentId } = acknowledgement;
      const isKnown = acknowledgements.list().some((known) => known.incidentId === incidentId);
      if (!isKnown) acknowledgements.add(acknowledgement);
    },
    message({ record: _, ...message }) {
      outbox.restore(message);
    },
  };
}

/** Whether an incident, or what it became part of, is another one. */
function leadsTo(merged: ReadonlyMap<string, string>, from: string, to: string): boolean {
  for (let id: string | undefined = from; id !== undefined; id = merged.get(id))
    if (id === to) return true;
  return false;
}
