/** A stream that may be a terminal, such as stdout. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** One line of the display, for a number of equal steps. */
export interface Phase {
  /** Adds steps to the total. */
  addTotal(more: number): void;
  /** Counts done steps. */
  advance(done?: number): void;
}

/** The progress display of a terminal. */
export interface Progress {
  phase(name: string, total: number): Phase;
  /** Removes the display and prints the pending log lines. */
  stop(): void;
  /** Receives log lines, which appear above the display. */
  readonly stream: { write(text: string): unknown };
}

/** Shows nothing, for cron, pipes and tests. */
export function silentProgress(stream: Progress['stream']): Progress {
  const phase: Phase = { addTotal: () => {}, advance: () => {} };
  return { phase: () => phase, stop: () => {}, stream };
}
