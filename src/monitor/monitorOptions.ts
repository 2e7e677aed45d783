/**
 * Options of the command line that override the configuration; `limit` in seconds per run of mtr.
 */
export interface MeasureOptions {
  readonly parallel?: number;
  readonly limit?: number;
}

/** The forms of a printed record; `connvitals` is that of connvitals-monitor. */
export const recordForms = ['json', 'text', 'connvitals'] as const;
export type RecordForm = (typeof recordForms)[number];

/** How `pstrace monitor` prints results. */
export interface MonitorOptions extends MeasureOptions {
  /** `true`: in the form that each target sets; absent: print nothing. */
  readonly stdout?: RecordForm | true;
  /** Print a route even when it has not changed. */
  readonly all?: boolean;
}
