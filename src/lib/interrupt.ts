/** The reason with which a run is given up after SIGINT or SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}.`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** From a signal to the end of a process that waits for something that does not heed it. */
const graceMs = 4500;

/**
 * A signal that is aborted with an `Interrupted` by the first SIGINT or SIGTERM, so that the
 * current step can finish. The process ends after `graceMs` in any case, and at once with a second
 * signal.
 */
export function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: 'SIGINT' | 'SIGTERM') => {
    // The system's own action: `process.exit` would wait for a blocked call to a file system.
    setTimeout(() => process.kill(process.pid, signal), graceMs).unref();
    controller.abort(new Interrupted(signal));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

/** Has the outcome of `work`, but rejects with the signal's reason as soon as it is aborted. */
export async function raceWithAbort<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
