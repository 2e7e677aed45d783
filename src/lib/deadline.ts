/** The reason with which work ends whose time is up. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime';

  constructor(seconds: number) {
    super(`The time is up: ${seconds} s.`);
  }
}

/** The time that some work may take. */
export interface Deadline {
  /** Length of that time. */
  readonly seconds: number;
  /** Aborted with an `OutOfTime` at the end of the time, or with the reason of the parent. */
  readonly signal: AbortSignal;
}

/**
 * Starts the time that some work may take: `seconds` from now, at most 24 days, by the monotonic
 * clock. It also ends with `parent`, and does not keep the process alive.
 */
export function startDeadline(seconds: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new OutOfTime(seconds)), seconds * 1000).unref();
  return { seconds, signal: AbortSignal.any([parent, controller.signal]) };
}

/** Whether a signal is aborted because the time is up. */
export function isOutOfTime({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof OutOfTime;
}
