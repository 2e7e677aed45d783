import type { Run } from '../../model/run.ts';
import type { Interval } from '../../model/trace.ts';

/** What decides from when on an archive's list of tests has to be read again. */
export interface ListingHistory {
  readonly archive: string;
  /** Up to when all listed tests have been read; null before the first time. */
  readonly listedUntil: number | null;
  readonly runs: readonly Run[];
  readonly overlapSeconds: number;
}

/**
 * The part of `window` for which the list must be asked: all of it on a first run and when it reaches further back than
 * what earlier runs looked at without a gap, else only what is new, plus the overlap.
 */
export function listingWindow(window: Interval, history: ListingHistory): Interval {
  const { archive, listedUntil, runs, overlapSeconds } = history;
  if (listedUntil === null) return window;
  const coveredUntil = Math.min(
    listedUntil,
    findCoveredUntil(window.from, archive, runs),
    window.to,
  );
  return { from: Math.max(coveredUntil - overlapSeconds, window.from), to: window.to };
}

/** How far from `from` on the windows of the runs that reached the archive hang together. */
function findCoveredUntil(from: number, archive: string, runs: readonly Run[]): number {
  return runs
    .filter((run) => run.archives.some((each) => each.archive === archive && each.ok))
    .map((run) => run.window)
    .sort((a, b) => a.from - b.from)
    .reduce((reached, each) => (each.from <= reached ? Math.max(reached, each.to) : reached), from);
}
