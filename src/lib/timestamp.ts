import { parseISO } from 'date-fns/parseISO';

/** The moments that anybody may give begin in 1970 and end before this: the year 10000. */
export const endOfTime = 253_402_300_800;

/**
 * Epoch seconds of a time as users write it: epoch seconds, or ISO 8601 (`2026-03-01`,
 * `2026-03-01T12:00`, `2026-03-01T12:00:00+01:00`), UTC without a zone. null for anything else, and
 * for a time before 1970 or after 9999.
 */
export function parseTimestamp(text: string): number | null {
  const at = /^\d{1,11}$/.test(text) ? Number(text) : parseIsoTime(text);
  return at >= 0 && at < endOfTime ? at : null;
}

/** NaN for anything else. */
function parseIsoTime(text: string): number {
  const zoned = /[T ].*(Z|[+-]\d\d(:?\d\d)?)$/.test(text);
  const dateOnly = /^\d{4}-?\d\d-?\d\d$/.test(text);
  const written = zoned ? text : `${text}${dateOnly ? 'T00:00Z' : 'Z'}`;
  return Math.floor(parseISO(written).getTime() / 1000);
}
