import { isoTime } from '../model/values/format.ts';
import type { TextChunks } from './page.ts';

/** A time of the public JSON as ISO 8601 text; null for null. */
export function isoOrNull(epoch: number | null): string | null {
  return epoch === null ? null : isoTime(epoch);
}

/** A window as the public JSON shows it. */
export function windowJson(window: { readonly from: number; readonly to: number }): object {
  const { from, to } = window;
  return { from, fromIso: isoTime(from), to, toIso: isoTime(to) };
}

/** The moment of the past that a public JSON file shows; null for the present. */
export function viewJson(viewOf: number | undefined): object {
  const at = viewOf ?? null;
  return { viewOf: at, viewOfIso: isoOrNull(at) };
}

/**
 * Text of a public JSON file with one line per entry of a top-level list, so that diffs stay
 * readable. Calls `build` for each reading of the text. A list may be an iterator that makes its
 * entries one at a time.
 */
export function jsonBody(build: () => object): TextChunks {
  return {
    [Symbol.iterator]: () => generateLines(build()),
    toString: () => [...generateLines(build())].join(''),
  };
}

function* generateLines(value: object): Generator<string> {
  let prefix = '{\n';
  for (const [name, field] of Object.entries(value)) {
    yield `${prefix}"${name}":`;
    yield* isList(field) ? generateList(field) : [JSON.stringify(field)];
    prefix = ',\n';
  }
  yield '\n}\n';
}

function isList(field: unknown): field is Iterable<unknown> {
  return typeof field === 'object' && field !== null && Symbol.iterator in field;
}

function* generateList(entries: Iterable<unknown>): Generator<string> {
  let prefix = '[\n';
  for (const entry of entries) {
    yield prefix + JSON.stringify(entry);
    prefix = ',\n';
  }
  yield prefix === '[\n' ? '[]' : '\n]';
}
