import type { Problem } from './problem.ts';
import type { Interval } from './trace.ts';

/** What became of one archive in a run. */
export interface ArchiveRun {
  /** Identity as in `Test.archive`. */
  readonly archive: string;
  readonly url: string;
  readonly ok: boolean;
  readonly testsListed: number;
  readonly tracesRead: number;
  readonly tracesNew: number;
  readonly requests: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** The record of one run, kept in the store and shown on the status page. */
export interface Run {
  /** Epoch seconds. */
  readonly startedAt: number;
  /** null while it runs, and for ever when it was killed. */
  readonly finishedAt: number | null;
  /** `ok`, `partial` (pages written, something failed), `failed` (no archive gave anything usable). */
  readonly outcome: 'ok' | 'partial' | 'failed' | null;
  /** The window that was analysed. */
  readonly window: Interval;
  readonly version: string;
  readonly archives: readonly ArchiveRun[];
  readonly pagesWritten: number;
  readonly pagesUnchanged: number;
  readonly problems: readonly Problem[];
}
