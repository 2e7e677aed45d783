import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';

/** Name of the file, in a release, that tells what its groups of pages were made from. */
export const groupsFile = '.groups.json';

/** Path of a page and its length in bytes. */
type Entry = readonly [path: string, bytes: number];

/** Pages that were made together, and the fingerprint of all that they were made from. */
interface Group {
  readonly fingerprint: string;
  readonly pages: readonly Entry[];
}

/** The groups of pages of two releases. */
export interface Groups {
  /**
   * Paths of the pages of a group, as the previous release has them; null unless it made them from the same and their files are as
   * long as they were then: a power cut leaves files empty.
   */
  known(name: string, fingerprint: string): string[] | null;
  record(name: string, group: Group): void;
  /** Writes what was recorded into the new release. */
  save(): void;
}

/** Opens the groups of `previous`, which count only when the same `program` (any text that tells one from another) made them. */
export function openGroups(previous: string | null, next: string, program: string): Groups {
  const before = previous === null ? {} : groupsOf(previous, program);
  const recorded: Record<string, Group> = {};
  const intact = ([path, bytes]: Entry): boolean =>
    statSync(join(previous ?? '', path), { throwIfNoEntry: false })?.size === bytes;
  return {
    known(name, fingerprint) {
      const group = Object.hasOwn(before, name) ? before[name] : undefined;
      if (group?.fingerprint !== fingerprint || !group.pages.every(intact)) return null;
      recorded[name] = group;
      return group.pages.map(([path]) => path);
    },
    record(name, group) {
      recorded[name] = group;
    },
    save() {
      writeFileSync(join(next, groupsFile), JSON.stringify({ program, groups: recorded }));
    },
  };
}

function groupsOf(release: string, program: string): Readonly<Record<string, Group>> {
  try {
    const found = JSON.parse(readFileSync(join(release, groupsFile), 'utf8'));
    return found?.program === program ? found.groups : {};
  } catch (error) {
    // A release of before there were groups, or one that a power cut caught.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}
