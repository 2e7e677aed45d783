/** Marks of a strip beside the letters of routes: as before, not reached, failed run, nothing came, nothing was due. */
export const stripMarks = {
  same: '.',
  unreached: '×',
  failed: '!',
  missing: '_',
  none: ' ',
  /** A route whose letter has no room: the 27th and later. */
  further: '#',
} as const;

/** Length of one place of a strip, seconds. */
export const stripSlotSeconds = 600;

/** How a test went, in few bytes, so that those of thousands of tests fit into memory. */
export interface TestCourse {
  readonly testId: string;
  /** The last day, one character for every 10 minutes: the letter of the route where it differs from that before, else a mark. */
  readonly strip: string;
  /** Changes from one route to another within the window. */
  readonly changes: number;
  /** How many of these changes each element had a part in: it is on one of the two routes and not on the other. */
  readonly movers: readonly Mover[];
}

/** A `router` is named by its address, a `link` by two addresses with a blank between, an `as` by its number. */
export interface Mover {
  readonly kind: 'router' | 'link' | 'as';
  readonly name: string;
  readonly changes: number;
}
