import type { TestAnalysis } from './analysis.ts';

/**
 * Marks of a timeline besides the letters of routes: unchanged route, destination not reached,
 * failed measurement, missing result, no result due or known.
 */
export const timelineMarks = {
  same: '.',
  unreached: '×',
  failed: '!',
  missing: '_',
  none: ' ',
  /** A route that has no letter: the 27th and later. */
  further: '#',
} as const;

/** Length of one slot of a timeline, seconds. */
export const timelineSlotSeconds = 600;

/** The last day of a test in few bytes, so that thousands of them fit into memory. */
export interface DailyTimeline {
  readonly testId: string;
  /**
   * One character per slot of the last day: the letter of the route if it differs from the previous
   * one, else a mark.
   */
  readonly timeline: string;
  /** Changes from one route to another within the window. */
  readonly routeChanges: number;
  /** For each element, the number of these changes in which it left or joined the route. */
  readonly contributors: readonly ChangeContributor[];
  /** As `newestRtts`. */
  readonly rttsMs: readonly number[];
}

/** Number of newest round-trip times to compare with those of another test. */
const comparedRtts = 30;

/** Round-trip times, ms, of the newest traces over the current route, oldest first. */
export function newestRtts({ series }: Pick<TestAnalysis, 'series'>): number[] {
  const current = series.at(-1)?.variant;
  const found: number[] = [];
  for (let index = series.length - 1; index >= 0 && found.length < comparedRtts; index -= 1) {
    const point = series[index];
    if (point?.variant === current && point?.rttMs != null) found.push(point.rttMs);
  }
  return found.reverse();
}

/**
 * `name`: the address of a router, the two addresses of a link with a blank between them, or the
 * number of an AS.
 */
export interface ChangeContributor {
  readonly kind: 'router' | 'link' | 'as';
  readonly name: string;
  readonly routeChanges: number;
}
