/**
 * Results of one host and tool without an archive: measured with mtr, or imported. Times are epoch
 * seconds.
 */
export interface LocalSource {
  readonly source: string;
  readonly tool: string;
  /** Tests with a result in the window, and their traces and failures there. */
  readonly tests: number;
  readonly traces: number;
  readonly failures: number;
  /** Time of the newest result, a trace or a failure, also before the window. */
  readonly newestAt: number;
  /** Tests whose newest result is a failure, by destination. */
  readonly failing: readonly {
    readonly testId: string;
    readonly destination: string;
    readonly at: number;
    readonly error: string;
  }[];
}
