import { isoTime } from '../model/format.ts';
import type { TextChunks } from './page.ts';

/** ISO 8601 twin of a time in the public JSON; null for null. */
export function isoOrNull(epoch: number | null): string | null {
  return epoch === null ? null : isoTime(epoch);
}

/** A window as the public JSON shows it. */
export function windowJson(window: { readonly from: number; readonly to: number }): object {
  const { from, to } = window;
  return { from, fromIso: isoTime(from), to, toIso: isoTime(to) };
}

/**
 * Text of a public JSON file: one line for each entry of a top-level list, so that it stays small and diffs stay readable. `make` is
 * called whenever the text is wanted; a list may be an iterator whose entries are made one by one.
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
