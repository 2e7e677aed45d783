/** The six kinds of expected failure; the same words as `ProblemKind` of the model, which lib may not import. */
export type ErrorKind =
  | 'unreachable'
  | 'invalid-response'
  | 'not-found'
  | 'misconfigured'
  | 'store'
  | 'delivery';

/** An expected failure as plain data; assignable to the model's `Problem`. */
export interface ErrorDetails {
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

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.kind = details.kind;
    this.subject = details.subject;
    this.remedy = details.remedy;
  }

  /** The failure as a value, for the log and the run-status page. */
  toProblem(): ErrorDetails {
    return {
      kind: this.kind,
      subject: this.subject,
      message: this.message,
      remedy: this.remedy,
    };
  }
}
