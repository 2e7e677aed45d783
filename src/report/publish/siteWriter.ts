import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../../lib/errors.ts';
import { ensureDirectory, fileFailure, systemCode } from '../../lib/files.ts';
import { acquireLock, type Lock, lockHolder } from '../../lib/lock.ts';
import type { Page } from '../page.ts';
import { openPageGroups, type PageCounts, type PageGroup } from './pageGroups.ts';
import { pagePathParts } from './pagePath.ts';
import {
  createRetainedPictures,
  createTemporaryPictures,
  type Picture,
  pictureFolder,
} from './pictures.ts';
import { carryOverOtherPages, createPagePlacer, type PageWriteStatus } from './placePage.ts';
import { beginRelease } from './releases.ts';
import { claimRootName, makeRootLinks, pruneRootLinks } from './rootLinks.ts';

/** What publishing did, in pages. */
export interface PublishResult {
  /** New, or other bytes than before. */
  readonly written: number;
  /** The same bytes: the same file, with its inode and its time of change. */
  readonly unchanged: number;
  /** In the site before, not written this time. */
  readonly removed: number;
}

/** How a site is written. */
export interface SiteWriterOptions {
  /** Tells apart what makes other pages from the same; '' unless given. */
  readonly program: string;
  /** Unless false: pictures stay from one site to the next. Else what they show may have to be hidden tomorrow. */
  readonly retainPictures: boolean;
}

/** How a site is put in place. */
export interface CommitOptions {
  /** Pages that were not written stay. */
  readonly retainOtherPages?: boolean;
  /** Pictures of traces before this moment go, told at `now`; epoch seconds. */
  readonly pictures?: { readonly before: number; readonly now: number };
}

/** A site being written. Readers see nothing of it until `commit`, and all of it from then on. */
export interface SiteWriter {
  /**
   * Takes one page and tells what becomes of it. Throws for a path that leads out of the site, and for a path written
   * twice.
   */
  write(page: Page): PageWriteStatus;
  /** Takes pages that are made together. Returns how many of them are other than before. */
  writeGroup(group: PageGroup): PageCounts;
  /**
   * Takes the picture of a trace, under a path without ending. Drawn only where no earlier site has it, or anew each time, as the
   * site was opened. Whether there is one: `draw` may have nothing to draw.
   */
  writePicture(path: string, draw: () => Picture | null): boolean;
  /** Puts the new site in place of the old one; pages not written go, unless `keepOthers`. */
  commit(options?: CommitOptions): PublishResult;
  /** Drops what was written; the old site stays. Does nothing after `commit`. */
  abort(): void;
}

/**
 * Begins to write the site into a directory. Pages go into a directory of their own, `.site/<number>/`; what a
 * reader opens (`index.html`, `tests`) are relative links through `.site/current`, one link that a rename swaps. So a
 * reader finds one whole site at any moment, whatever becomes of this process. Links need an owner only (Apache:
 * FollowSymLinks or SymLinksIfOwnerMatch) and survive `rsync -a`. Other files in the directory are left alone.
 * Throws `ExpectedError` of kind `store`, the old site unharmed, when the disk is full, the directory cannot be
 * written, another process is publishing there or a foreign file is in the way. A power cut may leave pages
 * empty; the next run compares bytes and mends them.
 */
export function openSiteWriter(
  outDir: string,
  options: Partial<SiteWriterOptions> = {},
): SiteWriter {
  try {
    ensureDirectory(outDir);
    const root = realpathSync(outDir);
    mkdirSync(join(root, '.site'), { recursive: true });
    const lock = acquireSiteLock(root, outDir);
    try {
      return createSiteWriter(root, outDir, lock, {
        program: '',
        retainPictures: true,
        ...options,
      });
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw toWriteFailure(error, outDir);
  }
}

function toWriteFailure(error: unknown, outDir: string): unknown {
  return fileFailure(error, 'cannot write the site', outDir);
}

function acquireSiteLock(root: string, outDir: string): Lock {
  const path = join(root, '.site', 'lock');
  const lock = acquireLock(path);
  if (lock !== null) return lock;
  const holder = lockHolder(path);
  throw new ExpectedError({
    kind: 'store',
    subject: outDir,
    message: `another pstrace${holder === null ? '' : ` (process ${holder})`} is writing the site in ${outDir}`,
    remedy: 'Wait until it has finished.',
  });
}

function createSiteWriter(
  root: string,
  outDir: string,
  lock: Lock,
  { program, retainPictures }: SiteWriterOptions,
): SiteWriter {
  const directory = join(root, '.site');
  const release = beginRelease(directory);
  const pictures = retainPictures
    ? createRetainedPictures(directory)
    : createTemporaryPictures(directory, write);
  const { previous, next } = release;
  const placer = createPagePlacer(previous, next);
  const groups = openPageGroups(previous, next, program, {
    write,
    reuse,
    isInPrevious: placer.isInPrevious,
  });
  const names = new Set<string>();
  const counts = { new: 0, changed: 0, unchanged: 0 };
  let isOpen = true;

  /** What fails here the next run does again; an earlier failure is the one to tell. */
  function cleanUp(...steps: (() => unknown)[]): void {
    isOpen = false;
    try {
      for (const step of steps) step();
    } catch (error) {
      if (systemCode(error) === null) throw error;
    } finally {
      lock.release();
    }
  }

  function abort(): void {
    if (isOpen) cleanUp(release.discard, () => pruneRootLinks(root));
  }

  function attempt<T>(work: () => T): T {
    if (!isOpen) throw new Error('the site is closed');
    try {
      return work();
    } catch (error) {
      abort();
      throw toWriteFailure(error, outDir);
    }
  }

  function claim(path: string): void {
    const [name] = pagePathParts(path);
    if (!names.has(name)) claimRootName(root, name);
    names.add(name);
  }

  function write({ path, body }: Page, previousBytes?: number): ReturnType<typeof placer.place> {
    claim(path);
    const result = placer.place(path, body, previousBytes);
    counts[result.status]++;
    return result;
  }

  function reuse(path: string): void {
    claim(path);
    placer.reuse(path);
    counts.unchanged++;
  }

  function writePicture(path: string, draw: () => Picture | null): boolean {
    claim(path);
    return pictures.place(path, draw);
  }

  return {
    write: (page) => attempt(() => write(page).status),
    writeGroup: (group) => attempt(() => groups.place(group)),
    writePicture: (path, draw) => attempt(() => writePicture(path, draw)),
    commit: ({ retainOtherPages = false, pictures: prunedPictures } = {}) =>
      attempt(() => {
        if (pictures.link(next)) claim(pictureFolder);
        const otherPages =
          previous === null ? 0 : carryOverOtherPages(previous, next, retainOtherPages);
        groups.save();
        makeRootLinks(root, names);
        release.swap();
        cleanUp(
          () => pruneRootLinks(root),
          () => prunedPictures && pictures.prune(prunedPictures.before, prunedPictures.now),
        );
        return {
          written: counts.new + counts.changed,
          unchanged: counts.unchanged + (retainOtherPages ? otherPages : 0),
          removed: retainOtherPages ? 0 : otherPages,
        };
      }),
    abort,
  };
}
