import type { Interval } from '../model/trace/trace.ts';

/** The site as every page knows it. */
export interface SiteContext {
  readonly title: string;
  readonly version: string;
  readonly window: Interval;
  /** Epoch seconds. Only pages that each run rewrites may print it. */
  readonly generatedAt: number;
  /**
   * Set after a run without usable results: the pages show older data. `since` in epoch seconds.
   */
  readonly stale: { readonly since: number; readonly message: string } | null;
  /** The moment of the past that the pages show, epoch seconds; absent for the present. */
  readonly viewOf?: number;
  /**
   * When the store was read, epoch seconds: acknowledgements and silences count up to then. Absent:
   * at the end of the window.
   */
  readonly readAt?: number;
  /** Archives that used http instead of https for their latest response. */
  readonly httpArchives?: ReadonlySet<string>;
  /** Feeds of groups of tests: configured name of the group, and path of the feed. */
  readonly feeds?: readonly { readonly name: string; readonly path: string }[];
}

/** Text made in pieces while it is written, so that a large file is never in memory as a whole. */
export interface TextChunks extends Iterable<string> {
  /** The complete text. */
  toString(): string;
}

/** One file of the site. `path` is relative to its root, with forward slashes. */
export interface Page {
  readonly path: string;
  readonly body: string | Uint8Array | TextChunks;
}
