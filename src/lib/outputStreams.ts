import type { Writable } from 'node:stream';
import { fileFailure } from './files.ts';

/** Whether all that was printed arrived; see `surviveOutputFailures`. */
export interface OutputFailures {
  /** A sentence about the first failure to write stdout; null if there was none. */
  stdoutFailure(): string | null;
}

/**
 * Keeps the process going when a log or an output cannot be written, as on a full disk: without a
 * listener, an error of a stream ends the process in the middle of its work. A reader of stdout
 * that went away, such as `head`, is no failure.
 */
export function surviveOutputFailures({
  stdout,
  stderr,
}: {
  readonly stdout: Writable;
  readonly stderr: Writable;
}): OutputFailures {
  let failure: string | null = null;
  // There is nowhere to say so.
  stderr.on('error', () => {});
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const { message } = fileFailure(error, 'cannot write the output', 'stdout') as Error;
    failure ??= message;
  });
  return { stdoutFailure: () => failure };
}
