import type { Tables } from '../tables.ts';
import type { RecordOf, StoreRecord } from './records.ts';

/** Reads one kind of thing; nothing where it is damaged. */
export type Readable = <T>(what: string, read: () => T[]) => T[];

/** What the detection remembers of a test, as lines, if there is anything: how it stands, and what to go back to when traces come late. */
export function* detectionRecords(
  { detections, lateness }: Tables,
  test: string,
  readable: Readable,
): Generator<StoreRecord> {
  for (const kept of readable('detection', () => [detections.load(test)])) {
    if (kept !== null) yield { record: 'detection', test, ...kept, engine: engineOf(kept) };
  }
  for (const past of readable('earlier detections', () => lateness.past(test))) {
    yield { record: 'pastDetection', test, ...past, engine: engineOf(past) };
  }
  const from = lateness.lateFrom(test);
  if (from !== null) yield { record: 'late', test, from };
}

function engineOf({ engine }: { readonly engine: unknown }): RecordOf<'detection'>['engine'] {
  return engine as RecordOf<'detection'>['engine'];
}

/** What is known of changes and incidents, and what people were or are to be told, as lines. */
export function* alertRecords(tables: Tables, readable: Readable): Generator<StoreRecord> {
  const { detections, changes, incidents, silences, acknowledgements, outbox } = tables;
  for (const [name, state] of readable('the memory of the mesh', () => meshOf(tables))) {
    yield { record: 'mesh', name, engine: state as RecordOf<'mesh'>['engine'] };
  }
  for (const finding of readable('findings', detections.queued)) {
    yield { record: 'finding', finding };
  }
  for (const kept of readable('changes', () => changes.since(0))) {
    yield { record: 'change', ...kept };
  }
  for (const { incident, engine } of readable('incidents', incidents.all)) {
    yield { record: 'incident', incident, engine };
  }
  for (const [id, into] of readable('incidents', () => Object.entries(incidents.merged()))) {
    yield { record: 'mergedIncident', id, into };
  }
  for (const silence of readable('silences', silences.list)) {
    yield { record: 'silence', ...silence };
  }
  for (const each of readable('acknowledgements', acknowledgements.list)) {
    yield { record: 'acknowledgement', ...each };
  }
  for (const message of readable('messages', outbox.all)) yield { record: 'message', ...message };
}

function meshOf({ detections }: Tables): [string, unknown][] {
  return detections.meshNames().map((name) => [name, detections.mesh(name)]);
}
