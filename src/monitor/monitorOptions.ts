/**
 * Options of the command line that override the configuration; `limit` in seconds per run of mtr.
 */
export interface MeasureOptions {
  readonly parallel?: number;
  readonly limit?: number;
}

/** How `pstrace monitor` prints results. */
export interface MonitorOptions extends MeasureOptions {
  /** `true`: in the form that each target sets; absent: print nothing. */
  readonly stdout?: 'json' | 'text' | true;
  /** Print a route even when it has not changed. */
  readonly all?: boolean;
}
