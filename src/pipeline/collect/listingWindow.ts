import type { Run } from '../../model/run/run.ts';
import type { Interval } from '../../model/trace/trace.ts';

/** Results of earlier runs for an archive. Times are epoch seconds. */
export interface ListingHistory {
  readonly archive: string;
  /** End of the span whose listed tests have all been read; null before the first run. */
  readonly listedUntil: number | null;
  readonly runs: readonly Run[];
  readonly overlapSeconds: number;
}

/**
 * The part of `window` for which to request the list: all of it if earlier runs did not cover its
 * start without a gap, else only the part after them, plus the overlap.
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

/** The end of the span from `from` that runs which reached the archive cover without a gap. */
function findCoveredUntil(from: number, archive: string, runs: readonly Run[]): number {
  return runs
    .filter((run) => run.archives.some((each) => each.archive === archive && each.ok))
    .map((run) => run.window)
    .sort((a, b) => a.from - b.from)
    .reduce((reached, each) => (each.from <= reached ? Math.max(reached, each.to) : reached), from);
}
