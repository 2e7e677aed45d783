/**
 * The closed list of what is expected to go wrong. Anything else is a bug and keeps its stack.
 * `unreachable`: no answer; `invalid-response`: an answer that is not what it should be; `not-found`: the archive has
 * no such thing; `misconfigured`: the administrator can mend it; `store`: state or site cannot be read or written;
 * `delivery`: a message could not be handed over.
 */
export type ProblemKind =
  | 'unreachable'
  | 'invalid-response'
  | 'not-found'
  | 'misconfigured'
  | 'store'
  | 'delivery';

/** An expected failure as a value: it travels to the log and the run-status page, and the rest goes on. */
export interface Problem {
  readonly kind: ProblemKind;
  /** What it is about: an archive, a test id, a file. */
  readonly subject: string;
  /** One sentence that names what happened. */
  readonly message: string;
  /** One sentence that names what the reader can do; null where nothing can be done. */
  readonly remedy: string | null;
}
