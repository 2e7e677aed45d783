import type { ChangeRecord } from '../../model/change/changeRecord.ts';
import { toPublicChange } from './publicChange.ts';

type PublicChange = ReturnType<typeof toPublicChange>;

/**
 * The columns of `data/changes.csv`: the fields of the NDJSON, with times as text only and lists
 * joined by blanks.
 */
const columns: readonly (readonly [name: string, value: (row: PublicChange) => unknown])[] = [
  ['id', (row) => row.id],
  ['testId', (row) => row.testId],
  ['archive', (row) => row.archive],
  ['key', (row) => row.key],
  ['source', (row) => row.source],
  ['destination', (row) => row.destination],
  ['family', (row) => row.family],
  ['at', (row) => row.atIso],
  ['detectedAt', (row) => row.detectedAtIso],
  ['class', (row) => row.class],
  ['severity', (row) => row.severity],
  ['verdict', (row) => row.verdict],
  ['incidentId', (row) => row.incidentId],
  ['fromAsPath', (row) => row.fromAsPath.join(' ')],
  ['toAsPath', (row) => row.toAsPath.join(' ')],
  ['removed', (row) => row.removed.join(' ')],
  ['added', (row) => row.added.join(' ')],
  ['rttBeforeMs', (row) => row.rttBeforeMs],
  ['rttAfterMs', (row) => row.rttAfterMs],
  ['rttShiftCiLowMs', (row) => row.rttShiftCi?.[0]],
  ['rttShiftCiHighMs', (row) => row.rttShiftCi?.[1]],
  ['lossBeforePct', (row) => row.lossBeforePct],
  ['lossAfterPct', (row) => row.lossAfterPct],
  ['closedAt', (row) => row.closedAtIso],
  ['acceptedAt', (row) => row.acceptedAtIso],
  ['acceptedBy', (row) => row.acceptedBy],
  ['acceptedAuthor', (row) => row.acceptedAuthor],
  ['acceptedNote', (row) => row.acceptedNote],
  ['silenced', (row) => row.silenced],
  ['confidence', (row) => row.confidence],
  ['rttShiftMs', (row) => row.rttShiftMs],
  ['rttSamplesBefore', (row) => row.rttSamplesBefore],
  ['rttSamplesAfter', (row) => row.rttSamplesAfter],
  ['usualSince', (row) => row.usualSinceIso],
  ['usualShare', (row) => row.usualShare],
  ['difference', (row) => row.difference],
  ['evidenceNats', (row) => row.evidenceNats],
  ['evidenceTraces', (row) => row.evidenceTraces],
  ['company', (row) => row.company.join(' ')],
];

/** `data/changes.csv` (RFC 4180) with a header, in the given order. Unknown values are empty. */
export function changesCsv(records: readonly ChangeRecord[]): string {
  const rows = records
    .map(toPublicChange)
    .map((row) => columns.map(([, value]) => csvCell(value(row))));
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** Puts a quote before text that a spreadsheet would read as a formula. */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = String(value).replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
