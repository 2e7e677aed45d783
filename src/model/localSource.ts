/** What one host brought by one tool without an archive: measured there with mtr, or imported. Times are epoch seconds. */
export interface LocalSource {
  readonly source: string;
  readonly tool: string;
  /** Tests with a result in the window, and their results there. */
  readonly tests: number;
  readonly traces: number;
  readonly failures: number;
  /** Of the newest result, good or failed, also before the window. */
  readonly newestAt: number;
  /** Tests whose newest result is a failed run, by destination. */
  readonly failing: readonly {
    readonly testId: string;
    readonly destination: string;
    readonly at: number;
    readonly error: string;
  }[];
}
