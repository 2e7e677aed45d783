import type { Page } from '../page.ts';

/**
 * How a page compares with the previous release: `unchanged` keeps its file, inode and modification
 * time; `changed` replaces a page; `new` has no predecessor.
 */
export type PageWriteStatus = 'new' | 'changed' | 'unchanged';

/** The status of a written page, and its length in bytes. */
export interface PageWriteResult {
  readonly status: PageWriteStatus;
  readonly bytes: number;
}

/** Fills a release with pages. */
export interface PagePlacer {
  /**
   * Places a page: as a hard link to the file of the previous release if that has the same bytes,
   * else as a new file. `previousBytes` is the length of that file, if known.
   */
  place(path: string, body: Page['body'], previousBytes?: number): PageWriteResult;
  /**
   * Whether the previous release has a page of this length. The length matters because a power
   * failure leaves files empty.
   */
  isInPrevious(path: string, bytes: number | undefined): boolean;
  /** Places a page as it is in the previous release, which must have it. */
  reuse(path: string): void;
}
