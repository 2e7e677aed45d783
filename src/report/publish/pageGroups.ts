import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';
import type { Page } from '../page.ts';
import type { PagePlacer, PageWriteResult } from './publishTypes.ts';

/** Name of the file, in a release, that tells what its groups of pages were made from. */
export const groupsFile = '.groups.json';

/** Pages that are made together from what `fingerprint` tells apart. */
export interface PageGroup {
  readonly name: string;
  readonly fingerprint: string;
  /** Of the pages, in their order. */
  readonly paths: readonly string[];
  /** Not called when the site has them from the same: they stay as they are then. */
  readonly make: () => readonly Page[];
}

/** Pages placed, by what became of them. */
export interface PageCounts {
  /** New, or other bytes than before. */
  readonly written: number;
  readonly unchanged: number;
}

/** What a release has of a group, with the lengths of its pages in bytes. Thousands are in memory at once, so it holds no path. */
interface RecordedGroup {
  readonly fingerprint: string;
  readonly bytes: readonly number[];
}

/** The pages that a group is made of, one by one. */
interface GroupPlacer extends Pick<PagePlacer, 'isInPrevious'> {
  /** `bytesBefore`: its length in the previous release, where it is known. */
  write(page: Page, previousBytes?: number): PageWriteResult;
  reuse(path: string): void;
}

/** The groups of pages of a release that is being made. */
export interface PageGroups {
  /** Returns how many of the pages are other than before. */
  place(group: PageGroup): PageCounts;
  /** Writes what the groups were made from into the release. */
  save(): void;
}

/** Opens the groups of `next`. Those of `previous` count only when the same `program` (any text that tells one from another) made them. */
export function openPageGroups(
  previous: string | null,
  next: string,
  program: string,
  pages: GroupPlacer,
): PageGroups {
  const recordedBefore = previous === null ? {} : readRecordedGroups(previous, program);
  const recorded: Record<string, RecordedGroup> = {};
  return {
    place({ name, fingerprint, paths, make }) {
      const recordedGroup = Object.hasOwn(recordedBefore, name) ? recordedBefore[name] : undefined;
      const isInPrevious = (path: string, index: number) =>
        pages.isInPrevious(path, recordedGroup?.bytes[index]);
      if (recordedGroup?.fingerprint === fingerprint && paths.every(isInPrevious)) {
        recorded[name] = recordedGroup;
        for (const path of paths) pages.reuse(path);
        return { written: 0, unchanged: paths.length };
      }
      const newPages = make();
      const unexpected = newPages
        .map(({ path }) => path)
        .filter((path, index) => path !== paths[index]);
      if (unexpected.length > 0) throw new Error(`not a page of ${name}: ${unexpected.join(', ')}`);
      const results = newPages.map((page, index) => pages.write(page, recordedGroup?.bytes[index]));
      recorded[name] = { fingerprint, bytes: results.map(({ bytes }) => bytes) };
      const unchanged = results.filter((page) => page.status === 'unchanged').length;
      return { written: newPages.length - unchanged, unchanged };
    },
    save() {
      writeFileSync(join(next, groupsFile), JSON.stringify({ program, groups: recorded }));
    },
  };
}

function readRecordedGroups(
  release: string,
  program: string,
): Readonly<Record<string, RecordedGroup>> {
  try {
    const stored = JSON.parse(readFileSync(join(release, groupsFile), 'utf8'));
    return stored?.program === program ? stored.groups : {};
  } catch (error) {
    // A release of before there were groups, or one that a power cut caught.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}
