import { type ErrorFacts, ExpectedError } from '../lib/errors.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';

/** Thrown before anything was done, when the command line or the configuration is wrong. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly exitCode: ExitCode;
  readonly problems: readonly ErrorFacts[];

  constructor(exitCode: ExitCode, problems: readonly ErrorFacts[]) {
    super(problems.map((problem) => problem.message).join(' '));
    this.exitCode = exitCode;
    this.problems = problems;
  }
}

/** A refusal of the command line: what is wrong with it, and what would be right. */
export function usage(message: string, remedy: string | null = null): Refusal {
  return new Refusal(exitCodes.usage, [{ kind: 'misconfigured', subject: '', message, remedy }]);
}

/** What `make` gives; an `ExpectedError` it throws becomes a refusal with this exit code. */
export function orRefuse<Value>(exitCode: ExitCode, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof ExpectedError) throw new Refusal(exitCode, [error.toProblem()]);
    throw error;
  }
}
