import type { TestAnalysis } from './analysis.ts';

/** Marks of a strip beside the letters of routes: as before, not reached, failed run, nothing came, nothing was due. */
export const timelineMarks = {
  same: '.',
  unreached: '×',
  failed: '!',
  missing: '_',
  none: ' ',
  /** A route whose letter has no room: the 27th and later. */
  further: '#',
} as const;

/** Length of one place of a strip, seconds. */
export const timelineSlotSeconds = 600;

/** How a test went, in few bytes, so that those of thousands of tests fit into memory. */
export interface DailyTimeline {
  readonly testId: string;
  /** The last day, one character for every 10 minutes: the letter of the route where it differs from that before, else a mark. */
  readonly timeline: string;
  /** Changes from one route to another within the window. */
  readonly routeChanges: number;
  /** How many of these changes each element had a part in: it is on one of the two routes and not on the other. */
  readonly contributors: readonly ChangeContributor[];
  /** As `newestRtts`. */
  readonly rttsMs: readonly number[];
}

/** Newest round-trip times of a test that are compared with those of another. */
const comparedRtts = 30;

/** Round-trip times, ms, of the newest traces that took the route now in use, oldest first. */
export function newestRtts({ series }: Pick<TestAnalysis, 'series'>): number[] {
  const current = series.at(-1)?.variant;
  const found: number[] = [];
  for (let index = series.length - 1; index >= 0 && found.length < comparedRtts; index -= 1) {
    const point = series[index];
    if (point?.variant === current && point?.rttMs != null) found.push(point.rttMs);
  }
  return found.reverse();
}

/** A `router` is named by its address, a `link` by two addresses with a blank between, an `as` by its number. */
export interface ChangeContributor {
  readonly kind: 'router' | 'link' | 'as';
  readonly name: string;
  readonly routeChanges: number;
}
