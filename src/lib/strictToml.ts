import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import type { z } from 'zod';
import { removeEmptyDuplicateTables } from './emptyTables.ts';
import { explainSchemaError } from './tomlFaults.ts';
import { positionsOf } from './tomlPositions.ts';

/** What a file holds, or a sentence for everything that is wrong with it, each beginning with file and line. */
export type StrictToml<Value> =
  | { readonly value: Value; readonly faults: null }
  | { readonly value: null; readonly faults: readonly string[] };

/**
 * Reads the text of a TOML file by a schema that refuses unknown keys. `file` is its name, for the sentences; the faults
 * are in the order of the file.
 */
export function parseStrictToml<Schema extends z.ZodType>(
  source: string,
  file: string,
  schema: Schema,
): StrictToml<z.output<Schema>> {
  try {
    const program = programOf(source.replace(/^\ufeff/, ''));
    const value = getStaticTOMLValue(program);
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, faults: null };
    const { lineOf } = positionsOf(program);
    const located = explainSchemaError(parsed.error, value, schema).map(({ path, message }) => ({
      line: lineOf(path),
      message,
    }));
    located.sort((a, b) => a.line - b.line);
    return {
      value: null,
      faults: located.map(({ line, message }) => `${file}:${line}: ${message}`),
    };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = `${file}:${error.lineNumber}:${error.column + 1}`;
    return { value: null, faults: [`${place}: not valid TOML: ${error.message}`] };
  }
}

function programOf(source: string): AST.TOMLProgram {
  const options = { tomlVersion: '1.0.0' } as const;
  try {
    return parseTOML(source, options);
  } catch (error) {
    const withoutEmptyTables = removeEmptyDuplicateTables(source);
    if (!(error instanceof ParseError) || withoutEmptyTables === source) throw error;
    return parseTOML(withoutEmptyTables, options);
  }
}
