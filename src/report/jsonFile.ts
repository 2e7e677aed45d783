import { isoTime } from './format.ts';
import type { Pieces } from './page.ts';

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
export function jsonBody(make: () => object): Pieces {
  return {
    [Symbol.iterator]: () => lines(make()),
    toString: () => [...lines(make())].join(''),
  };
}

function* lines(value: object): Generator<string> {
  let before = '{\n';
  for (const [name, field] of Object.entries(value)) {
    yield `${before}"${name}":`;
    yield* isList(field) ? listed(field) : [JSON.stringify(field)];
    before = ',\n';
  }
  yield '\n}\n';
}

function isList(field: unknown): field is Iterable<unknown> {
  return typeof field === 'object' && field !== null && Symbol.iterator in field;
}

function* listed(entries: Iterable<unknown>): Generator<string> {
  let before = '[\n';
  for (const entry of entries) {
    yield before + JSON.stringify(entry);
    before = ',\n';
  }
  yield before === '[\n' ? '[]' : '\n]';
}
