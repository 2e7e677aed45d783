import { type ErrorDetails, ExpectedError } from './errors.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';

/** Thrown before anything was done, when the command line or the configuration is wrong. */
export class UsageError extends Error {
  override readonly name = 'Refusal';
  readonly exitCode: ExitCode;
  readonly problems: readonly ErrorDetails[];

  constructor(exitCode: ExitCode, problems: readonly ErrorDetails[]) {
    super(problems.map((problem) => problem.message).join(' '));
    this.exitCode = exitCode;
    this.problems = problems;
  }
}

/** A refusal of the command line: what is wrong with it, and what would be right. */
export function usageError(message: string, remedy: string | null = null): UsageError {
  return new UsageError(exitCodes.usage, [{ kind: 'misconfigured', subject: '', message, remedy }]);
}

/** What `make` gives; an `ExpectedError` it throws becomes a refusal with this exit code. */
export function orUsageError<Value>(exitCode: ExitCode, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof ExpectedError) throw new UsageError(exitCode, [error.toProblem()]);
    throw error;
  }
}
