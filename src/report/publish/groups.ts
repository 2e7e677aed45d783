import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';
import type { Page } from '../page.ts';
import type { PagePlacer, Place } from './placePage.ts';

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
interface Placed {
  readonly fingerprint: string;
  readonly bytes: readonly number[];
}

/** The pages that a group is made of, one by one. */
interface Pages extends Pick<PagePlacer, 'isThere'> {
  /** `bytesBefore`: its length in the previous release, where it is known. */
  write(page: Page, bytesBefore?: number): Place;
  keep(path: string): void;
}

/** The groups of pages of a release that is being made. */
export interface Groups {
  /** Returns how many of the pages are other than before. */
  place(group: PageGroup): PageCounts;
  /** Writes what the groups were made from into the release. */
  save(): void;
}

/** Opens the groups of `next`. Those of `previous` count only when the same `program` (any text that tells one from another) made them. */
export function openGroups(
  previous: string | null,
  next: string,
  program: string,
  pages: Pages,
): Groups {
  const known = previous === null ? {} : groupsOf(previous, program);
  const recorded: Record<string, Placed> = {};
  return {
    place({ name, fingerprint, paths, make }) {
      const before = Object.hasOwn(known, name) ? known[name] : undefined;
      const isThere = (path: string, index: number) => pages.isThere(path, before?.bytes[index]);
      if (before?.fingerprint === fingerprint && paths.every(isThere)) {
        recorded[name] = before;
        for (const path of paths) pages.keep(path);
        return { written: 0, unchanged: paths.length };
      }
      const made = make();
      const others = made.map(({ path }) => path).filter((path, index) => path !== paths[index]);
      if (others.length > 0) throw new Error(`not a page of ${name}: ${others.join(', ')}`);
      const placed = made.map((page, index) => pages.write(page, before?.bytes[index]));
      recorded[name] = { fingerprint, bytes: placed.map(({ bytes }) => bytes) };
      const unchanged = placed.filter((page) => page.placed === 'unchanged').length;
      return { written: made.length - unchanged, unchanged };
    },
    save() {
      writeFileSync(join(next, groupsFile), JSON.stringify({ program, groups: recorded }));
    },
  };
}

function groupsOf(release: string, program: string): Readonly<Record<string, Placed>> {
  try {
    const found = JSON.parse(readFileSync(join(release, groupsFile), 'utf8'));
    return found?.program === program ? found.groups : {};
  } catch (error) {
    // A release of before there were groups, or one that a power cut caught.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}
