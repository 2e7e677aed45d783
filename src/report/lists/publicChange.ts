import { roundDecimals } from '../../lib/roundDecimals.ts';
import type { Change } from '../../model/change/change.ts';
import {
  acceptedOf,
  type ChangeRecord,
  endedAtOf,
  type MeshChanges,
  newestAcceptance,
} from '../../model/change/changeRecord.ts';
import type { Incident } from '../../model/incident/incident.ts';
import { suspectName } from '../../model/incident/suspectText.ts';
import { publicSchemaVersion } from '../../model/site/publicSchema.ts';
import { isoTime } from '../../model/values/format.ts';

/**
 * A change as the public data show it: times in two forms, null for unknown, removed and added
 * addresses.
 */
export function toPublicChange(record: ChangeRecord) {
  const { change, test, incidentId, acceptance, silence } = record;
  const { verdict, onset } = change;
  const accepted = acceptedOf(record);
  const closedAt = endedAtOf(record);
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
    rttShiftMs: roundDecimals(verdict.shiftMs),
    rttSamplesBefore: verdict.samplesBefore,
    rttSamplesAfter: verdict.samplesAfter,
    lossBeforePct: roundDecimals(verdict.lossBeforePct),
    lossAfterPct: roundDecimals(verdict.lossAfterPct),
    ...publicEvidence(change),
    closedAt,
    closedAtIso: closedAt === null ? null : isoTime(closedAt),
    ...publicAcceptance(accepted, acceptance),
    silenced: silence === null ? null : silence.reason,
  };
}

/** The cause that made a change or an incident usual, and the author and note of an operator. */
function publicAcceptance(
  accepted: ReturnType<typeof acceptedOf>,
  acceptance: ChangeRecord['acceptance'],
) {
  return {
    acceptedAt: accepted?.at ?? null,
    acceptedAtIso: accepted === null ? null : isoTime(accepted.at),
    acceptedBy: accepted?.by ?? null,
    acceptedAuthor: acceptance?.by ?? null,
    acceptedNote: acceptance?.note ?? null,
  };
}

/** The figures that led to the report of a change. */
function publicEvidence({ usedSince, prevalence, routeChange, grading }: Change) {
  return {
    usualSince: usedSince,
    usualSinceIso: usedSince === null ? null : isoTime(usedSince),
    usualShare: roundDecimals(prevalence),
    difference: routeChange?.reason ?? null,
    evidenceNats: routeChange?.evidenceNats ?? null,
    evidenceTraces: routeChange?.traces ?? null,
    shares: routeChange?.shares ?? [],
    company: grading?.company ?? [],
    confidenceReasons: (grading?.reasons ?? []).map(([reason, nats]) => ({ reason, nats })),
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

/** When an incident became usual, epoch seconds, and what made it so; null if nothing did. */
function incidentAccepted(
  { status, to }: Incident,
  acceptance: ChangeRecord['acceptance'],
): ReturnType<typeof acceptedOf> {
  if (acceptance !== null) return { at: acceptance.at, by: 'operator' };
  return status === 'accepted' && to !== null ? { at: to, by: 'time' } : null;
}

/** `data/incidents.json`, in the given order. */
export function incidentsJson({
  incidents,
  records,
  acknowledgements,
  formerIds,
}: MeshChanges): string {
  const byIncident = Map.groupBy(records, ({ incidentId }) => incidentId);
  const lines = incidents.map((incident) => {
    const isAccepted = incident.status === 'accepted';
    const acceptance = isAccepted ? newestAcceptance(byIncident.get(incident.id) ?? []) : null;
    const to = isAccepted ? null : incident.to;
    const acknowledged = acknowledgements.find(({ incidentId }) => incidentId === incident.id);
    return JSON.stringify({
      id: incident.id,
      formerIds: formerIds?.get(incident.id) ?? [],
      suspect: publicSuspect(incident.suspect),
      from: incident.from,
      fromIso: isoTime(incident.from),
      to,
      toIso: to === null ? null : isoTime(to),
      status: incident.status,
      severity: incident.severity,
      changes: incident.members.map(({ changeId }) => changeId),
      tests: incident.tests.length,
      unaffectedTests: incident.unaffectedTests.length,
      acknowledgedAt: acknowledged?.at ?? null,
      acknowledgedAtIso: acknowledged === undefined ? null : isoTime(acknowledged.at),
      acknowledgedBy: acknowledged?.by ?? null,
      acknowledgedNote: acknowledged?.note ?? null,
      ...publicAcceptance(incidentAccepted(incident, acceptance), acceptance),
    });
  });
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
  return `{\n"schemaVersion":${publicSchemaVersion},\n"incidents":${list}\n}\n`;
}
