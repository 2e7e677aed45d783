import { parseISO } from 'date-fns/parseISO';

/**
 * Epoch seconds of a time as users write it: epoch seconds, or ISO 8601 (`2026-03-01`,
 * `2026-03-01T12:00`, `2026-03-01T12:00:00+01:00`), UTC without a zone. null for anything else.
 */
export function parseTimestamp(text: string): number | null {
  if (/^\d{1,11}$/.test(text)) return Number(text);
  const zoned = /[T ].*(Z|[+-]\d\d(:?\d\d)?)$/.test(text);
  const dateOnly = /^\d{4}-?\d\d-?\d\d$/.test(text);
  const milliseconds = parseISO(zoned ? text : `${text}${dateOnly ? 'T00:00Z' : 'Z'}`).getTime();
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}
