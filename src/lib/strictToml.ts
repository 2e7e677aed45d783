import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import type { z } from 'zod';
import { removeEmptyDuplicateTables } from './emptyTables.ts';
import { depthIn, listLengths, mergeTables, pathInFile } from './mergedToml.ts';
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

/** The content of a TOML file. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** The content of a TOML file, whatever its keys; null if the text is not valid TOML. */
export function parseTomlTable(text: string): TomlTable | null {
  try {
    return getStaticTOMLValue(programOf(text)) as TomlTable;
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** The text of a TOML file, and its name for sentences. */
export interface TomlSource {
  readonly file: string;
  readonly text: string;
}

/**
 * Parses the text of a TOML file by a schema that refuses unknown keys. `file` is its name, for the
 * sentences. Keys in `renamedKeys` may stand under their old name.
 */
export function parseStrictToml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  renamedKeys: readonly RenamedKey[] = [],
): StrictToml<z.output<Schema>> {
  return parseStrictTomlFiles([{ file, text }], schema, renamedKeys);
}

/** As `parseStrictToml`, for files whose contents are one: each key may be set in one of them. */
export function parseStrictTomlFiles<Schema extends z.ZodType>(
  sources: readonly TomlSource[],
  schema: Schema,
  renamedKeys: readonly RenamedKey[] = [],
): StrictToml<z.output<Schema>> {
  const files: ParsedFile[] = [];
  for (const source of sources) {
    try {
      files.push(parseFile(source, renamedKeys));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      const place = `${source.file}:${error.lineNumber}:${error.column + 1}`;
      return { value: null, faults: [`${place}: not valid TOML: ${error.message}`], hints: [] };
    }
  }
  const hints = files.flatMap((file) => file.sentencesOf(file.renamed.map(renameHint)));
  const conflicts = files.flatMap((file) => file.sentencesOf(file.conflicts.map(conflictFault)));
  const { value, offsets, repeated } = mergeFiles(files);
  if (conflicts.length + repeated.length > 0) {
    return { value: null, faults: [...conflicts, ...repeated], hints };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, faults: null, hints };
  const found = explainSchemaError(parsed.error, value, schema).map((fault) =>
    locate(fault, files, offsets),
  );
  const faults = files.flatMap((file, index) =>
    file.sentencesOf(found.filter((fault) => fault.fileIndex === index)),
  );
  return { value: null, faults, hints };
}

interface ParsedFile {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly renamed: readonly RenamedKey[];
  readonly conflicts: readonly RenamedKey[];
  /** Faults as sentences with file and line, in the order of the file. */
  sentencesOf(faults: readonly Fault[]): string[];
}

function parseFile({ file, text }: TomlSource, renamedKeys: readonly RenamedKey[]): ParsedFile {
  const program = programOf(text.replace(/^\ufeff/, ''));
  const { value, renamed, conflicts } = applyRenames(getStaticTOMLValue(program), renamedKeys);
  const { lineOf } = positionsOf(program);
  const sentencesOf = (faults: readonly Fault[]): string[] =>
    faults
      .map(({ path, message }) => ({ line: lineOf(writtenPath(path, renamed)), message }))
      .sort((a, b) => a.line - b.line)
      .map(({ line, message }) => `${file}:${line}: ${message}`);
  return { file, content: value as ParsedFile['content'], renamed, conflicts, sentencesOf };
}

/** The place of a fault of the merged value: in the file that has most of its path. */
function locate(
  { path, message }: Fault,
  files: readonly ParsedFile[],
  offsets: readonly ReadonlyMap<string, number>[],
): Fault & { readonly fileIndex: number } {
  const places = files.map(({ content }, fileIndex) => {
    const place = pathInFile(path, offsets[fileIndex] ?? new Map());
    return { fileIndex, path: place, message, depth: depthIn(content, place) };
  });
  const [nearest] = places.sort((a, b) => b.depth - a.depth);
  return nearest ?? { fileIndex: 0, path, message };
}

/** The contents of all files, where the lists of each begin in them, and the keys set twice. */
function mergeFiles(files: readonly ParsedFile[]) {
  let value: ParsedFile['content'] = {};
  const offsets: Map<string, number>[] = [];
  const repeated: string[] = [];
  for (const file of files) {
    offsets.push(listLengths(value));
    const merged = mergeTables(value, file.content);
    const faults = merged.conflicts.map((path): Fault => {
      const message = `${dotted(path)} is set in another file too; remove one of them`;
      return { path, message };
    });
    repeated.push(...file.sentencesOf(faults));
    value = merged.value;
  }
  return { value, offsets, repeated };
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
