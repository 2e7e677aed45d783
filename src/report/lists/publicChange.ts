import { roundDecimals } from '../../lib/roundDecimals.ts';
import type { Change } from '../../model/change.ts';
import { acceptedAtOf, type ChangeRecord } from '../../model/changeRecord.ts';
import { isoTime } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import { publicSchemaVersion } from '../../model/publicSchema.ts';
import type { Acknowledgement } from '../../model/silence.ts';
import { suspectName } from '../../model/suspectText.ts';

/**
 * A change as the public data show it: times in two forms, null for unknown, removed and added
 * addresses.
 */
export function toPublicChange(record: ChangeRecord) {
  const { change, test, incidentId, silence } = record;
  const { verdict, onset } = change;
  const acceptedAt = acceptedAtOf(record);
  const closedAt = acceptedAt === null ? record.closedAt : null;
  return {
    id: change.id,
    testId: test.id,
    archive: test.archive,
    key: test.key,
    source: test.source.name,
    destination: test.destination.name,
    family: test.family,
    at: onset.by,
    atIso: isoTime(onset.by),
    detectedAt: change.detectedAt,
    detectedAtIso: isoTime(change.detectedAt),
    class: change.class,
    severity: change.severity,
    confidence: roundDecimals(change.confidence),
    verdict: verdict.effect,
    incidentId,
    fromAsPath: change.fromAsPath,
    toAsPath: change.toAsPath,
    removed: addresses(change, 'removed', 'before'),
    added: addresses(change, 'added', 'after'),
    rttBeforeMs: roundDecimals(verdict.rttBeforeMs),
    rttAfterMs: roundDecimals(verdict.rttAfterMs),
    rttShiftCi: verdict.shiftCiMs?.map((bound) => roundDecimals(bound)) ?? null,
    lossBeforePct: roundDecimals(verdict.lossBeforePct),
    lossAfterPct: roundDecimals(verdict.lossAfterPct),
    closedAt,
    closedAtIso: closedAt === null ? null : isoTime(closedAt),
    acceptedAt,
    acceptedAtIso: acceptedAt === null ? null : isoTime(acceptedAt),
    acceptedBy: acceptedAt === null ? null : 'time',
    silenced: silence === null ? null : silence.reason,
  };
}

function addresses(
  { route }: Change,
  mark: 'removed' | 'added',
  side: 'before' | 'after',
): string[] {
  return route.flatMap((hop) => (hop.mark === mark || hop.mark === 'replaced' ? hop[side] : []));
}

/** `data/changes.ndjson`: one object per line, in the given order. */
export function changesNdjson(records: readonly ChangeRecord[]): string {
  return records.map((record) => `${JSON.stringify(toPublicChange(record))}\n`).join('');
}

/** A suspect as the public data show it; its name is null if the suspect is unknown. */
function publicSuspect({ kind, name }: Incident['suspect']): object {
  return { kind, name: name === '' ? null : suspectName(name) };
}

/** `data/incidents.json`, in the given order. */
export function incidentsJson(
  incidents: readonly Incident[],
  acknowledgements: readonly Acknowledgement[],
): string {
  const lines = incidents.map((incident) => {
    const acknowledged = acknowledgements.find(({ incidentId }) => incidentId === incident.id);
    return JSON.stringify({
      id: incident.id,
      suspect: publicSuspect(incident.suspect),
      from: incident.from,
      fromIso: isoTime(incident.from),
      to: incident.to,
      toIso: incident.to === null ? null : isoTime(incident.to),
      status: incident.status,
      severity: incident.severity,
      changes: incident.members.map(({ changeId }) => changeId),
      tests: incident.tests.length,
      unaffectedTests: incident.unaffectedTests.length,
      acknowledgedAt: acknowledged?.at ?? null,
      acknowledgedAtIso: acknowledged === undefined ? null : isoTime(acknowledged.at),
    });
  });
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
  return `{\n"schemaVersion":${publicSchemaVersion},\n"incidents":${list}\n}\n`;
}
