import type { Interval } from '../model/trace.ts';

/** What every page knows of the site it belongs to. */
export interface SiteContext {
  readonly title: string;
  readonly version: string;
  readonly window: Interval;
  /** Epoch seconds. Only pages that are rewritten each run may print it. */
  readonly generatedAt: number;
  /** Nothing usable came back: the pages show what was known before. `since` in epoch seconds. */
  readonly stale: { readonly since: number; readonly message: string } | null;
  /** Archives that spoke http, not https, when they answered last. */
  readonly httpArchives?: ReadonlySet<string>;
  /** Feeds of groups of tests: what the administrator calls the group, and the path of the feed. */
  readonly feeds?: readonly { readonly name: string; readonly path: string }[];
}

/** Text that is made piece by piece as it is written: a file of a large mesh is never in memory as a whole. */
export interface TextChunks extends Iterable<string> {
  /** All of it. */
  toString(): string;
}

/** One file of the site. `path` is relative to its root, with forward slashes. */
export interface Page {
  readonly path: string;
  readonly body: string | Uint8Array | TextChunks;
}
