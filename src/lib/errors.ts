import type { ForeignText } from '../model/run/foreignText.ts';
import type { Problem, ProblemKind } from '../model/run/problem.ts';

/**
 * A failure that the program expects, as an exception; see `Problem` for the fields. Anything else
 * that is thrown is a bug.
 */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError';
  readonly kind: ProblemKind;
  readonly subject: string;
  readonly remedy: string | null;
  readonly detail: ForeignText | null;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options);
    this.kind = problem.kind;
    this.subject = problem.subject;
    this.remedy = problem.remedy;
    this.detail = problem.detail ?? null;
  }

  /** The failure as a value, for the log and the run-status page. */
  toProblem(): Problem {
    const { kind, subject, message, remedy, detail } = this;
    return { kind, subject, message, remedy, ...(detail && { detail }) };
  }
}
