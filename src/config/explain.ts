import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { KeyPath } from './positions.ts';
import { fileSchema } from './schema.ts';

/** One thing wrong with the file: the key it is about and a sentence. */
export interface Fault {
  readonly path: KeyPath;
  readonly message: string;
}

/** Turns what the schema refused into sentences; `value` is the parsed file. */
export function explain(error: z.ZodError, value: unknown): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknown(issue.path, key));
    const found = valueAt(value, issue.path);
    const message = `${dotted(issue.path)}: ${issue.message}, found ${foundText(found)}`;
    return [{ path: issue.path, message }];
  });
}

/** `http.timeout`, `archive.url`: as a reader of the file would name it, without the index of an archive. */
function dotted(path: KeyPath): string {
  return path.filter((step) => typeof step !== 'number').join('.');
}

function unknown(path: KeyPath, key: string): Fault {
  const suggestion = suggest(path, key);
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  return { path: [...path, key], message: `unknown key ${dotted([...path, key])}${hint}` };
}

/** The nearest key of the same table, else the table in which a key of this name lives. */
function suggest(path: KeyPath, key: string): string | null {
  const near = Object.keys(shapeAt(path))
    .map((known) => ({ known, edits: distance(known, key.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  if (near && near.edits <= Math.max(1, Math.floor(key.length / 3))) return near.known;
  const home = tables.find((table) => Object.hasOwn(shapeAt(table.path), key));
  return home ? `${key} ${home.words}` : null;
}

const tables: readonly { path: KeyPath; words: string }[] = [
  { path: [], words: 'at the top of the file, before the first table' },
  { path: ['http'], words: 'under [http]' },
  { path: ['store'], words: 'under [store]' },
  { path: ['site'], words: 'under [site]' },
  { path: ['archive', 0], words: 'under [[archive]]' },
];

function shapeAt(path: KeyPath): Readonly<Record<string, z.core.$ZodType>> {
  let schema: z.core.$ZodType = fileSchema;
  for (const step of path) {
    const outer = unwrap(schema);
    if (outer instanceof z.ZodArray) schema = outer.element;
    else if (outer instanceof z.ZodObject) schema = outer.shape[String(step)] ?? z.object({});
  }
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? inner.shape : {};
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodPrefault || inner instanceof z.ZodDefault) inner = inner.unwrap();
  return inner;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (outer, step) => (outer as Readonly<Record<PropertyKey, unknown>> | undefined)?.[step],
    value,
  );
}

function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
