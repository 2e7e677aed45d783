import type { Tables } from '../tables.ts';
import type { RecordOf, StoreRecord } from './recordSchemas.ts';

/** Reads one kind of content; empty if it is damaged. */
export type ReadOrSkip = <T>(what: string, read: () => T[]) => T[];

/** The detection of a test: its state, its checkpoints and its late traces. */
export function* detectionRecords(
  { detectionStates, lateArrivals }: Tables,
  test: string,
  readOrSkip: ReadOrSkip,
): Generator<StoreRecord> {
  for (const detection of readOrSkip('detection', () => [detectionStates.load(test)])) {
    if (detection !== null)
      yield { record: 'detection', test, ...detection, engine: engineOf(detection) };
  }
  for (const checkpoint of readOrSkip('checkpoints', () => lateArrivals.checkpoints(test))) {
    yield { record: 'detectionCheckpoint', test, ...checkpoint, engine: engineOf(checkpoint) };
  }
  const from = lateArrivals.lateFrom(test);
  if (from !== null) yield { record: 'lateArrival', test, from };
}

function engineOf({ engine }: { readonly engine: unknown }): RecordOf<'detection'>['engine'] {
  return engine as RecordOf<'detection'>['engine'];
}

/** The changes, incidents, silences, acknowledgements, acceptances and messages. */
export function* alertRecords(tables: Tables, readOrSkip: ReadOrSkip): Generator<StoreRecord> {
  const { detectionStates, changes, incidents, outbox } = tables;
  const { silences, acknowledgements, acceptances } = tables;
  for (const [name, state] of readOrSkip('mesh states', () => readMeshStates(tables))) {
    yield { record: 'meshState', name, engine: state as RecordOf<'meshState'>['engine'] };
  }
  for (const finding of readOrSkip('findings', detectionStates.pendingFindings)) {
    yield { record: 'pendingFinding', finding };
  }
  for (const change of readOrSkip('changes', () => changes.since(0))) {
    yield { record: 'change', ...change };
  }
  for (const { incident, engine } of readOrSkip('incidents', incidents.all)) {
    yield { record: 'incident', incident, engine };
  }
  for (const [id, into] of readOrSkip('incidents', () => Object.entries(incidents.mergedIds()))) {
    yield { record: 'mergedIncident', id, into };
  }
  for (const silence of readOrSkip('silences', silences.list)) {
    yield { record: 'silence', ...silence };
  }
  for (const each of readOrSkip('acknowledgements', acknowledgements.list)) {
    yield { record: 'acknowledgement', ...each };
  }
  for (const each of readOrSkip('acceptances', acceptances.list)) {
    yield { record: 'acceptance', ...each };
  }
  for (const message of readOrSkip('messages', outbox.all)) yield { record: 'message', ...message };
}

function readMeshStates({ detectionStates }: Tables): [string, unknown][] {
  return detectionStates.meshStateNames().map((name) => [name, detectionStates.meshState(name)]);
}
