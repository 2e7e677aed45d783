import { isDeepStrictEqual } from 'node:util';
import { clockRecordName } from '../runs/clockRecord.ts';
import type { Tables } from '../tables.ts';
import { InvalidRecordError } from './invalidRecord.ts';
import type { RecordHandlers } from './recordSchemas.ts';

type AlertRecordKind =
  | 'detection'
  | 'detectionCheckpoint'
  | 'lateArrival'
  | 'meshState'
  | 'pendingFinding'
  | 'change'
  | 'incident'
  | 'mergedIncident'
  | 'silence'
  | 'acknowledgement'
  | 'acceptance'
  | 'message';

/**
 * Stores the lines about detection, changes and notifications; stored values stay. `rejectUnknown`
 * throws `InvalidRecordError` for an unknown test.
 */
export function createAlertHandlers(
  tables: Tables,
  rejectUnknown: (test: string) => void,
): RecordHandlers<AlertRecordKind> {
  const { detectionStates, lateArrivals, changes, incidents, outbox } = tables;
  const { silences, acknowledgements, acceptances } = tables;
  const merged = new Map(Object.entries(incidents.mergedIds()));
  return {
    detection({ record: _, test, ...detection }) {
      rejectUnknown(test);
      if (detectionStates.load(test) === null) detectionStates.save(test, detection);
    },
    detectionCheckpoint({ record: _, test, ...checkpoint }) {
      rejectUnknown(test);
      if (checkpoint.until < (detectionStates.load(test)?.until ?? 0))
        lateArrivals.restoreCheckpoint(test, checkpoint);
    },
    lateArrival({ test, from }) {
      rejectUnknown(test);
      lateArrivals.recordLateTrace(tables.tests.numberOf(test), from);
    },
    meshState({ name, engine }) {
      if (name === clockRecordName) return;
      if (detectionStates.meshState(name) === null) detectionStates.setMeshState(name, engine);
    },
    pendingFinding({ finding }) {
      const isKnown = (known: unknown) => isDeepStrictEqual(known, finding);
      if (!detectionStates.pendingFindings().some(isKnown))
        detectionStates.queueFindings([finding]);
    },
    change({ record: _, ...stored }) {
      rejectUnknown(stored.change.testId);
      changes.add(stored);
    },
    incident({ record: _, ...stored }) {
      for (const { testId } of stored.incident.members) rejectUnknown(testId);
      incidents.restore(stored);
    },
    mergedIncident({ id, into }) {
      if (isMergedInto(merged, into, id))
        throw new InvalidRecordError('the incident would be merged into itself');
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
    acceptance({ record: _, ...acceptance }) {
      const isKnown = acceptances.list().some(({ changeId }) => changeId === acceptance.changeId);
      if (!isKnown) acceptances.add(acceptance);
    },
    message({ record: _, ...message }) {
      outbox.restore(message);
    },
  };
}

/** Whether an incident, or one that it was merged into, is another one. */
function isMergedInto(merged: ReadonlyMap<string, string>, from: string, to: string): boolean {
  for (let id: string | undefined = from; id !== undefined; id = merged.get(id))
    if (id === to) return true;
  return false;
}
