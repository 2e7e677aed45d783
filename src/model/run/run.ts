import type { Interval } from '../trace/trace.ts';
import type { Problem } from './problem.ts';

/** The result of one archive in a run. */
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

/** The record of one run, for the store and the status page. */
export interface Run {
  /** Epoch seconds. */
  readonly startedAt: number;
  /** null while it runs, and permanently if it was killed. */
  readonly finishedAt: number | null;
  /** `partial`: pages written, with problems; `failed`: no usable results. null while it runs. */
  readonly outcome: 'ok' | 'partial' | 'failed' | null;
  /** The analyzed window. */
  readonly window: Interval;
  readonly version: string;
  readonly archives: readonly ArchiveRun[];
  readonly pagesWritten: number;
  readonly pagesUnchanged: number;
  readonly problems: readonly Problem[];
}
