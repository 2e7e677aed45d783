import type { Problem } from '../model/run/problem.ts';
import { ExpectedError } from './errors.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';

/** Thrown before anything was done, when the command line or the configuration is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode: ExitCode;
  readonly problems: readonly Problem[];

  constructor(exitCode: ExitCode, problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join(' '));
    this.exitCode = exitCode;
    this.problems = problems;
  }
}

/** An error in the command line: its cause, and the remedy. */
export function usageError(message: string, remedy: string | null = null): UsageError {
  return new UsageError(exitCodes.usage, [{ kind: 'misconfigured', subject: '', message, remedy }]);
}

/** Returns the result of `make`; an `ExpectedError` becomes a `UsageError` with this exit code. */
export function orUsageError<Value>(exitCode: ExitCode, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof ExpectedError) throw new UsageError(exitCode, [error.toProblem()]);
    throw error;
  }
}
