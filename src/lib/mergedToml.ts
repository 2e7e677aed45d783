import type { KeyPath } from './tomlPositions.ts';

type Table = Readonly<Record<string, unknown>>;

/** Values of several files as one, and the keys that more than one of them sets. */
export interface MergedTables {
  readonly value: Table;
  readonly conflicts: readonly KeyPath[];
}

/**
 * Adds the content of a file to that of earlier ones. Tables are united, and lists of tables follow
 * each other. Any other key may be set only once.
 */
export function mergeTables(earlier: Table, later: Table, path: KeyPath = []): MergedTables {
  const conflicts: KeyPath[] = [];
  const value: Record<string, unknown> = { ...earlier };
  for (const [key, added] of Object.entries(later)) {
    const known = Object.hasOwn(earlier, key) ? earlier[key] : undefined;
    const place = [...path, key];
    if (known === undefined) value[key] = added;
    else if (isTable(known) && isTable(added)) {
      const merged = mergeTables(known, added, place);
      value[key] = merged.value;
      conflicts.push(...merged.conflicts);
    } else if (isTableList(known) && isTableList(added)) value[key] = [...known, ...added];
    else conflicts.push(place);
  }
  return { value, conflicts };
}

/** The path of a merged value in one of the files, whose lists of tables begin at `offsets`. */
export function pathInFile(
  [key, index, ...rest]: KeyPath,
  offsets: ReadonlyMap<string, number>,
): KeyPath {
  if (typeof key !== 'string') return [];
  if (index === undefined) return [key];
  return [key, typeof index === 'number' ? index - (offsets.get(key) ?? 0) : index, ...rest];
}

/** The number of steps of a path that a file has. */
export function depthIn(content: unknown, [key, ...rest]: KeyPath): number {
  if (key === undefined || typeof content !== 'object' || content === null) return 0;
  return Object.hasOwn(content, key) ? 1 + depthIn(Reflect.get(content, key), rest) : 0;
}

/** The lengths of the lists at the top of a file. */
export function listLengths(content: Table): Map<string, number> {
  const lists = Object.entries(content).filter(([, value]) => Array.isArray(value));
  return new Map(lists.map(([key, value]) => [key, (value as readonly unknown[]).length]));
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTableList(value: unknown): value is readonly Table[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}
