/** The reason with which a run is given up after SIGINT or SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}.`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/**
 * A signal that is aborted with an `Interrupted` by the first SIGINT or SIGTERM, so that the
 * current step can finish. A second one ends the process at once, as by default.
 */
export function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Interrupted('SIGINT')));
  process.once('SIGTERM', () => controller.abort(new Interrupted('SIGTERM')));
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
