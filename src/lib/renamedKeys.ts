import type { KeyPath } from './tomlPositions.ts';

/** A key of a TOML file that has a new name within the same table. */
export interface RenamedKey {
  /** Path of the old key from the root of the file, without arrays of tables. */
  readonly old: readonly string[];
  /** The new name, without the path. */
  readonly name: string;
}

/** A file's value in which old keys have their new names, and which old keys it uses. */
export interface RenameResult {
  readonly value: unknown;
  /** Old keys whose value now stands under the new name. */
  readonly renamed: readonly RenamedKey[];
  /** Old keys that the file sets beside the new ones. Their values are unchanged. */
  readonly conflicts: readonly RenamedKey[];
}

type Table = Readonly<Record<string, unknown>>;

/** Moves the value of each old key to the key's new name. */
export function applyRenames(value: unknown, keys: readonly RenamedKey[]): RenameResult {
  const used = keys.filter(({ old }) => tableOf(value, old)?.[old.at(-1) ?? ''] !== undefined);
  const conflicts = used.filter(({ old, name }) => tableOf(value, old)?.[name] !== undefined);
  const renamed = used.filter((key) => !conflicts.includes(key));
  return { value: renamed.reduce(rename, value), renamed, conflicts };
}

/** Path of the new key. */
export function newPathOf({ old, name }: RenamedKey): readonly string[] {
  return [...old.slice(0, -1), name];
}

/** The path that the file itself uses for the value at `path`. */
export function writtenPath(path: KeyPath, renamed: readonly RenamedKey[]): KeyPath {
  const key = renamed.find((each) => newPathOf(each).every((step, index) => step === path[index]));
  return key === undefined ? path : [...key.old, ...path.slice(key.old.length)];
}

/** The table that holds the last key of `path`; undefined where the file has no such table. */
function tableOf(value: unknown, path: readonly string[]): Table | undefined {
  const found = path
    .slice(0, -1)
    .reduce<unknown>((outer, step) => (isTable(outer) ? outer[step] : undefined), value);
  return isTable(found) ? found : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rename(value: unknown, { old, name }: RenamedKey): unknown {
  const [first = '', ...rest] = old;
  const { [first]: inner, ...others } = value as Table;
  return rest.length === 0
    ? { ...others, [name]: inner }
    : { ...others, [first]: rename(inner, { old: rest, name }) };
}
