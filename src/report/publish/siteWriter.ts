import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../../lib/errors.ts';
import { ensureDirectory, fileFailure, systemCode } from '../../lib/files.ts';
import { acquireLock, type Lock, lockHolder } from '../../lib/lock.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Page } from '../page.ts';
import { openPageGroups, type PageCounts, type PageGroup, type PageGroups } from './pageGroups.ts';
import { pagePathParts } from './pagePath.ts';
import {
  createRetainedPictures,
  createTemporaryPictures,
  type Picture,
  type Pictures,
  pictureFolder,
} from './pictures.ts';
import { carryOverPages, createPagePlacer, listOtherPages } from './placePage.ts';
import type { PagePlacer, PageWriteResult, PageWriteStatus } from './publishTypes.ts';
import { beginRelease, type Release } from './releases.ts';
import { claimRootName, makeRootLinks, pruneRootLinks } from './rootLinks.ts';
import { alignModes, defaultPageMode, withPageMode } from './siteModes.ts';

/** The result of publishing, in numbers of pages. */
export interface PublishResult {
  /** New pages, and pages with other bytes than before. */
  readonly written: number;
  /** Pages with the same bytes: each is the same file, with its inode and modification time. */
  readonly unchanged: number;
  /** Pages of the previous site that this one lacks. */
  readonly removed: number;
}

/** How to write a site. */
export interface SiteWriterOptions {
  /** Identifies the program; pages that another program made are made again. '' by default. */
  readonly program: string;
  /**
   * true (the default): pictures stay from one site to the next. false: draw them for each site,
   * because tomorrow some of their content may have to be hidden.
   */
  readonly retainPictures: boolean;
  /** Fingerprint of what the site hides; null (the default) if it hides nothing. */
  readonly hiding: string | null;
  /** Mode of the pages, 0o644 by default. The umask of the process does not matter. */
  readonly pageMode: number;
}

/** How to put a site in place. */
export interface CommitOptions {
  /** Keep the pages of the previous site that were not written this time. */
  readonly retainOtherPages?: boolean;
  /** Remove the pictures of traces before `before`, as of `now`; epoch seconds. */
  readonly pictures?: { readonly before: number; readonly now: number };
}

/** A site being written. Readers see none of it until `commit`, and all of it afterward. */
export interface SiteWriter {
  /** Problems of the directory that do not prevent the site. */
  readonly problems: readonly Problem[];
  /** After `commit`: files that may show what the site hides, and cannot be deleted. */
  readonly leftovers: readonly Problem[];
  /** Writes one page. Throws for a path outside the site and for a path written twice. */
  write(page: Page): PageWriteStatus;
  /** Writes pages that are made together. */
  writeGroup(group: PageGroup): PageCounts;
  /** The record of pages in the previous site; null if that lacks it or any of the pages. */
  recordOf(group: Pick<PageGroup, 'name' | 'paths'>): object | null;
  /** Keeps the pages of a group that has a record as they are. */
  retainGroup(group: Pick<PageGroup, 'name' | 'paths'>): PageCounts;
  /**
   * Writes the picture of a trace under a path without extension. With retained pictures, calls
   * `draw` only if no earlier site has the picture. Returns whether there is a picture: `draw` may
   * return null.
   */
  writePicture(path: string, draw: () => Picture | null): boolean;
  /** The pages written so far. */
  counts(): PageCounts;
  /** Replaces the old site by the new one. */
  commit(options?: CommitOptions): PublishResult;
  /** Discards the new site; the old one stays. Does nothing after `commit`. */
  abort(): void;
}

/**
 * Starts writing the site into a directory. The pages go into a directory of their own,
 * `.site/<number>/`. The names that a reader opens (`index.html`, `tests`) are relative links
 * through `.site/current`, a single link that a rename swaps. A reader therefore finds a complete
 * site at any moment, even if this process is killed. The links need the same owner as their
 * targets (Apache: FollowSymLinks or SymLinksIfOwnerMatch) and survive `rsync -a`. Other files in
 * the directory stay untouched.
 *
 * Throws an `ExpectedError` of kind `store`, with the old site intact, if the disk is full, the
 * directory is not writable, another process is publishing there, or a foreign file is in the way.
 * A power failure may leave empty pages; the next run compares bytes and repairs them.
 */
export function openSiteWriter(
  outDir: string,
  options: Partial<SiteWriterOptions> = {},
): SiteWriter {
  const allOptions = {
    program: '',
    retainPictures: true,
    hiding: null,
    pageMode: defaultPageMode,
    ...options,
  };
  try {
    return withPageMode(allOptions.pageMode, () => beginSite(outDir, allOptions));
  } catch (error) {
    throw toWriteFailure(error, outDir);
  }
}

function beginSite(outDir: string, options: SiteWriterOptions): SiteWriter {
  ensureDirectory(outDir);
  const root = realpathSync(outDir);
  const directory = join(root, '.site');
  rejectLink(directory);
  mkdirSync(directory, { recursive: true });
  const lock = acquireSiteLock(root, outDir);
  try {
    return new ReleaseWriter(root, outDir, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** pstrace deletes old releases there, so the folder must be its own. */
function rejectLink(directory: string): void {
  if (lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new ExpectedError({
    kind: 'store',
    subject: directory,
    message: `cannot write the site: ${directory} is a symbolic link`,
    remedy: 'Remove the link. The folder of the site may be one, but not the folder in it.',
  });
}

/** Names the path that failed, which may lie deep within the site. */
function toWriteFailure(error: unknown, outDir: string): unknown {
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return fileFailure(error, 'cannot write the site', typeof path === 'string' ? path : outDir);
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

/** Writes a site as the next release of its directory. */
class ReleaseWriter implements SiteWriter {
  readonly #root: string;
  readonly #outDir: string;
  readonly #lock: Lock;
  readonly #release: Release;
  readonly #placer: PagePlacer;
  readonly #groups: PageGroups;
  readonly #pictures: Pictures;
  readonly #pageMode: number;
  readonly #hiding: string | null;
  readonly #rootNames = new Set<string>();
  readonly #counts: Record<PageWriteStatus, number> = { new: 0, changed: 0, unchanged: 0 };
  readonly #leftovers: Problem[] = [];
  #isOpen = true;

  constructor(root: string, outDir: string, lock: Lock, options: SiteWriterOptions) {
    const directory = join(root, '.site');
    this.#pageMode = options.pageMode;
    this.#hiding = options.hiding;
    this.#root = root;
    this.#outDir = outDir;
    this.#lock = lock;
    this.#release = beginRelease(directory);
    const { previous, next } = this.#release;
    alignModes(directory, [previous, join(directory, pictureFolder)], options.pageMode);
    this.#placer = createPagePlacer(previous, next);
    this.#groups = openPageGroups(previous, next, options.program, {
      write: (page, previousBytes) => this.#place(page, previousBytes),
      reuse: (path) => this.#reuse(path),
      isInPrevious: this.#placer.isInPrevious,
    });
    this.#pictures = options.retainPictures
      ? createRetainedPictures(directory)
      : createTemporaryPictures(directory, (page) => this.#place(page));
  }

  write(page: Page): PageWriteStatus {
    return this.#attempt(() => this.#place(page).status);
  }

  writeGroup(group: PageGroup): PageCounts {
    return this.#attempt(() => this.#groups.place(group));
  }

  recordOf(group: Pick<PageGroup, 'name' | 'paths'>): object | null {
    return this.#attempt(() => this.#groups.recordOf(group));
  }

  retainGroup(group: Pick<PageGroup, 'name' | 'paths'>): PageCounts {
    return this.#attempt(() => this.#groups.retain(group));
  }

  writePicture(path: string, draw: () => Picture | null): boolean {
    return this.#attempt(() => {
      this.#claim(path);
      return this.#pictures.place(path, draw);
    });
  }

  get problems(): readonly Problem[] {
    return this.#release.problems;
  }

  get leftovers(): readonly Problem[] {
    return this.#leftovers;
  }

  counts(): PageCounts {
    const { new: added, changed, unchanged } = this.#counts;
    return { written: added + changed, unchanged };
  }

  commit({ retainOtherPages = false, pictures }: CommitOptions = {}): PublishResult {
    return this.#attempt(() => {
      const otherPages = this.#finishRelease(retainOtherPages);
      makeRootLinks(this.#root, this.#rootNames);
      this.#release.swap();
      this.#close(
        () => {
          const left = pictures && this.#pictures.prune(pictures.before, pictures.now);
          if (left) this.#leftovers.push(left);
        },
        () => this.#leftovers.push(...this.#release.recordHiding(this.#hiding)),
        () => pruneRootLinks(this.#root),
      );
      const { written, unchanged } = this.counts();
      return retainOtherPages
        ? { written, unchanged: unchanged + otherPages, removed: 0 }
        : { written, unchanged, removed: otherPages };
    });
  }

  abort(): void {
    if (!this.#isOpen) return;
    this.#close(
      () => this.#release.discard(),
      () => pruneRootLinks(this.#root),
    );
  }

  /**
   * Completes the release; returns the number of pages of the previous one that were not written.
   */
  #finishRelease(retainOtherPages: boolean): number {
    const { previous, next } = this.#release;
    if (this.#pictures.link(next)) this.#claim(pictureFolder);
    const otherPages = previous === null ? [] : listOtherPages(previous, next);
    if (previous !== null && retainOtherPages) carryOverPages(previous, next, otherPages);
    this.#groups.save();
    return otherPages.length;
  }

  /** Runs one step of writing; an error aborts the site. */
  #attempt<T>(work: () => T): T {
    if (!this.#isOpen) throw new Error('the site is closed');
    try {
      return withPageMode(this.#pageMode, work);
    } catch (error) {
      this.abort();
      throw toWriteFailure(error, this.#outDir);
    }
  }

  #place({ path, body }: Page, previousBytes?: number): PageWriteResult {
    this.#claim(path);
    const result = this.#placer.place(path, body, previousBytes);
    this.#counts[result.status]++;
    return result;
  }

  #reuse(path: string): void {
    this.#claim(path);
    this.#placer.reuse(path);
    this.#counts.unchanged++;
  }

  #claim(path: string): void {
    const [name] = pagePathParts(path);
    if (!this.#rootNames.has(name)) claimRootName(this.#root, name);
    this.#rootNames.add(name);
  }

  /**
   * Closes the site, cleans up in steps and releases the lock. A system error ends only its step
   * and is ignored: the next run cleans up again, and an earlier error is the one to report.
   */
  #close(...steps: readonly (() => unknown)[]): void {
    this.#isOpen = false;
    try {
      for (const step of steps) ignoreSystemErrors(step);
    } finally {
      this.#lock.release();
    }
  }
}

function ignoreSystemErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (systemCode(error) === null) throw error;
  }
}
