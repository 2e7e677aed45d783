/** One line of the display: something is done `total` times. */
export interface Phase {
  /** More has turned up: adds to the total. */
  addTotal(more: number): void;
  /** So many more are done. */
  advance(done?: number): void;
}

/** What a person at a terminal watches while the program works. */
export interface Progress {
  phase(name: string, total: number): Phase;
  /** Takes the display away and prints what was written meanwhile. */
  stop(): void;
  /** Where log lines go while the display is up, so that they appear above it. */
  readonly stream: { write(text: string): unknown };
}

/** Shows nothing; what cron, pipes and tests get. */
export function silentProgress(stream: Progress['stream']): Progress {
  const phase: Phase = { addTotal: () => {}, advance: () => {} };
  return { phase: () => phase, stop: () => {}, stream };
}
