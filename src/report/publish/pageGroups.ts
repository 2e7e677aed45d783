import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';
import type { Page } from '../page.ts';
import type { PagePlacer, PageWriteResult } from './publishTypes.ts';

/** Name of the file in a release that records the fingerprints of its page groups. */
export const groupsFile = '.groups.json';

/** Pages that are made together from the same input, which `fingerprint` identifies. */
export interface PageGroup {
  readonly name: string;
  readonly fingerprint: string;
  /** Plain data to record with the pages. */
  readonly record?: object;
  /** Paths of the pages, in the order of `make`. */
  readonly paths: readonly string[];
  /** Makes the pages. Not called if the previous release has them from the same input. */
  readonly make: () => readonly Page[];
}

/** Numbers of pages by status. */
export interface PageCounts {
  /** New pages, and pages with other bytes than before. */
  readonly written: number;
  readonly unchanged: number;
}

/**
 * A group as a release records it, with the lengths of its pages in bytes. It has no paths because
 * thousands of groups are in memory at once.
 */
interface RecordedGroup {
  readonly fingerprint: string;
  readonly record?: object;
  readonly bytes: readonly number[];
}

/** Places the pages of groups one at a time. */
interface GroupPlacer extends Pick<PagePlacer, 'isInPrevious'> {
  /** `previousBytes`: its length in the previous release, if known. */
  write(page: Page, previousBytes?: number): PageWriteResult;
  reuse(path: string): void;
}

/** The page groups of a release under construction. */
export interface PageGroups {
  /** Places the pages of a group. */
  place(group: PageGroup): PageCounts;
  /** The record of a group; null if the previous release lacks it or any of the pages. */
  recordOf(group: Pick<PageGroup, 'name' | 'paths'>): object | null;
  /** Places the pages of a group that has a record as they are in the previous release. */
  retain(group: Pick<PageGroup, 'name' | 'paths'>): PageCounts;
  /** Records the groups in the release. */
  save(): void;
}

/**
 * Opens the groups of `next`. Ignores those of `previous` if another program made them; `program`
 * is any text that identifies one.
 */
export function openPageGroups(
  previous: string | null,
  next: string,
  program: string,
  pages: GroupPlacer,
): PageGroups {
  const recordedBefore = previous === null ? {} : readRecordedGroups(previous, program);
  const recorded: Record<string, RecordedGroup> = {};
  const groupOf = (name: string) =>
    Object.hasOwn(recordedBefore, name) ? recordedBefore[name] : undefined;

  function isComplete({ bytes }: RecordedGroup, paths: readonly string[]): boolean {
    return paths.every((path, index) => pages.isInPrevious(path, bytes[index]));
  }

  function reuse(name: string, group: RecordedGroup, paths: readonly string[]): PageCounts {
    recorded[name] = group;
    for (const path of paths) pages.reuse(path);
    return { written: 0, unchanged: paths.length };
  }

  return {
    recordOf({ name, paths }) {
      const group = groupOf(name);
      return group?.record !== undefined && isComplete(group, paths) ? group.record : null;
    },
    retain({ name, paths }) {
      const group = groupOf(name);
      if (group === undefined) throw new Error(`no pages of ${name}`);
      return reuse(name, group, paths);
    },
    place({ name, fingerprint, record, paths, make }) {
      const recordedGroup = groupOf(name);
      if (recordedGroup?.fingerprint === fingerprint && isComplete(recordedGroup, paths))
        return reuse(name, withRecord(recordedGroup, record), paths);
      const newPages = make();
      const unexpected = newPages
        .map(({ path }) => path)
        .filter((path, index) => path !== paths[index]);
      if (unexpected.length > 0) throw new Error(`not a page of ${name}: ${unexpected.join(', ')}`);
      const results = newPages.map((page, index) => pages.write(page, recordedGroup?.bytes[index]));
      const bytes = results.map((page) => page.bytes);
      recorded[name] = withRecord({ fingerprint, bytes }, record);
      const unchanged = results.filter((page) => page.status === 'unchanged').length;
      return { written: newPages.length - unchanged, unchanged };
    },
    save() {
      writeFileSync(join(next, groupsFile), JSON.stringify({ program, groups: recorded }));
    },
  };
}

function withRecord({ fingerprint, bytes }: RecordedGroup, record?: object): RecordedGroup {
  return record === undefined ? { fingerprint, bytes } : { fingerprint, record, bytes };
}

function readRecordedGroups(
  release: string,
  program: string,
): Readonly<Record<string, RecordedGroup>> {
  try {
    const stored = JSON.parse(readFileSync(join(release, groupsFile), 'utf8'));
    return stored?.program === program ? stored.groups : {};
  } catch (error) {
    // The release is older than groups, or a power failure damaged it.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}
