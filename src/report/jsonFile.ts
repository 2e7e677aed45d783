import { isoTime } from './format.ts';

/** ISO 8601 twin of a time in the public JSON; null for null. */
export function isoOrNull(epoch: number | null): string | null {
  return epoch === null ? null : isoTime(epoch);
}

/** A window as the public JSON shows it. */
export function windowJson(window: { readonly from: number; readonly to: number }): object {
  const { from, to } = window;
  return { from, fromIso: isoTime(from), to, toIso: isoTime(to) };
}

/** Text of a public JSON file: one line for each entry of a top-level list, so that it stays small and diffs stay readable. */
export function jsonBody(value: object): string {
  const fields = Object.entries(value).map(([name, field]) => `"${name}":${fieldText(field)}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

function fieldText(field: unknown): string {
  if (!Array.isArray(field) || field.length === 0) return JSON.stringify(field);
  return `[\n${field.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
}
