import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import type { z } from 'zod';
import { removeEmptyDuplicateTables } from './emptyTables.ts';
import { applyRenames, newPathOf, type RenamedKey, writtenPath } from './renamedKeys.ts';
import { dotted, explainSchemaError, type Fault } from './tomlFaults.ts';
import { positionsOf } from './tomlPositions.ts';

/**
 * The content of a file, or a sentence for each fault. Each sentence begins with file and line, in
 * the order of the file. `hints` name keys that the file still uses under an old name.
 */
export type StrictToml<Value> =
  | { readonly value: Value; readonly faults: null; readonly hints: readonly string[] }
  | { readonly value: null; readonly faults: readonly string[]; readonly hints: readonly string[] };

/**
 * Parses the text of a TOML file by a schema that refuses unknown keys. `file` is its name, for the
 * sentences. Keys in `renamedKeys` may stand under their old name.
 */
export function parseStrictToml<Schema extends z.ZodType>(
  source: string,
  file: string,
  schema: Schema,
  renamedKeys: readonly RenamedKey[] = [],
): StrictToml<z.output<Schema>> {
  try {
    const program = programOf(source.replace(/^\ufeff/, ''));
    const { value, renamed, conflicts } = applyRenames(getStaticTOMLValue(program), renamedKeys);
    const { lineOf } = positionsOf(program);
    const sentencesOf = (located: readonly Fault[]): string[] =>
      located
        .map(({ path, message }) => ({ line: lineOf(writtenPath(path, renamed)), message }))
        .sort((a, b) => a.line - b.line)
        .map(({ line, message }) => `${file}:${line}: ${message}`);
    const hints = sentencesOf(renamed.map(renameHint));
    if (conflicts.length > 0) {
      return { value: null, faults: sentencesOf(conflicts.map(conflictFault)), hints };
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, faults: null, hints };
    const faults = sentencesOf(explainSchemaError(parsed.error, value, schema));
    return { value: null, faults, hints };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = `${file}:${error.lineNumber}:${error.column + 1}`;
    return { value: null, faults: [`${place}: not valid TOML: ${error.message}`], hints: [] };
  }
}

function renameHint(key: RenamedKey): Fault {
  const [old, name] = [dotted(key.old), dotted(newPathOf(key))];
  return { path: key.old, message: `${old} is now ${name}; rename the key` };
}

function conflictFault(key: RenamedKey): Fault {
  const [old, name] = [dotted(key.old), dotted(newPathOf(key))];
  return {
    path: key.old,
    message: `${old} is the old name of ${name}, which is set too; remove ${old}`,
  };
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
