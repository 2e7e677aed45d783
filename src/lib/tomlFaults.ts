import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { KeyPath } from './tomlPositions.ts';
import { truncate } from './truncate.ts';

/** A fault in a file: the key concerned and a sentence. */
export interface Fault {
  readonly path: KeyPath;
  readonly message: string;
}

/** Explains the issues that a schema found, a sentence each; `value` is the parsed file. */
export function explainSchemaError(error: z.ZodError, value: unknown, schema: z.ZodType): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(issue.path, key, schema));
    }
    const found = valueAt(value, issue.path);
    const message = `${dotted(issue.path)}: ${issue.message}, found ${foundText(found)}`;
    return [{ path: issue.path, message }];
  });
}

/**
 * A key as the reader of the file names it, without indexes of arrays: `http.timeout`,
 * `archive.url`.
 */
export function dotted(path: KeyPath): string {
  return path.filter((step) => typeof step !== 'number').join('.');
}

function unknownKey(path: KeyPath, key: string, schema: z.ZodType): Fault {
  const suggestion = suggest(path, key, schema);
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  return { path: [...path, key], message: `unknown key ${dotted([...path, key])}${hint}` };
}

/** The most similar key of the same table, else the table that has a key of this name. */
function suggest(path: KeyPath, key: string, schema: z.ZodType): string | null {
  const nearest = Object.keys(shapeAt(schema, path))
    .map((known) => ({ known, edits: distance(known, key.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  if (nearest && nearest.edits <= Math.max(1, Math.floor(key.length / 3))) return nearest.known;
  const otherTable = tablesOf(schema).find((table) =>
    Object.hasOwn(shapeAt(schema, table.path), key),
  );
  return otherTable ? `${key} ${otherTable.description}` : null;
}

/** The tables of a file, and the words for their place. */
function tablesOf(schema: z.ZodType): { path: KeyPath; description: string }[] {
  const tables: { path: KeyPath; description: string }[] = [
    { path: [], description: 'at the top of the file, before the first table' },
  ];
  for (const [name, inner] of Object.entries(shapeAt(schema, []))) {
    const kind = unwrap(inner);
    if (kind instanceof z.ZodObject) tables.push({ path: [name], description: `under [${name}]` });
    if (kind instanceof z.ZodArray)
      tables.push({ path: [name, 0], description: `under [[${name}]]` });
  }
  return tables;
}

function shapeAt(root: z.ZodType, path: KeyPath): Readonly<Record<string, z.core.$ZodType>> {
  let schema: z.core.$ZodType = root;
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

const maxFoundLength = 60;

function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  return truncate(JSON.stringify(value), maxFoundLength);
}
