/** The six kinds of expected failure; the same words as `ProblemKind` of the model, which lib may not import. */
export type ErrorKind =
  | 'unreachable'
  | 'invalid-response'
  | 'not-found'
  | 'misconfigured'
  | 'store'
  | 'delivery';

/** An expected failure as plain data; assignable to the model's `Problem`. */
export interface ErrorFacts {
  readonly kind: ErrorKind;
  readonly subject: string;
  readonly message: string;
  readonly remedy: string | null;
}

/**
 * A failure that the program expects: `message` is one sentence that says what happened, `subject` what it is
 * about (an archive, a test id, a file), `remedy` what the reader can do. Anything else that is thrown is a bug.
 */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError';
  readonly kind: ErrorKind;
  readonly subject: string;
  readonly remedy: string | null;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(facts.message, options);
    this.kind = facts.kind;
    this.subject = facts.subject;
    this.remedy = facts.remedy;
  }

  /** The failure as a value, for the log and the run-status page. */
  toProblem(): ErrorFacts {
    return {
      kind: this.kind,
      subject: this.subject,
      message: this.message,
      remedy: this.remedy,
    };
  }
}
