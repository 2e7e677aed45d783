/**
 * How a command ends. A signal adds its number to 128, as shells do: 130 for SIGINT, 143 for
 * SIGTERM.
 */
export const exitCodes = {
  ok: 0,
  /**
   * No archive gave anything usable, or the state or the site cannot be read or written: the old
   * pages stay.
   */
  failed: 1,
  /** sysexits EX_USAGE. */
  usage: 64,
  /** sysexits EX_SOFTWARE: a bug in pstrace. */
  bug: 70,
  /**
   * sysexits EX_TEMPFAIL: pages written, but some archive or test failed; or another run holds the
   * lock.
   */
  partial: 75,
  /** sysexits EX_CONFIG. */
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
