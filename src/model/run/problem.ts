import type { ForeignText } from './foreignText.ts';

/**
 * The closed list of expected failures. Anything else is a bug and keeps its stack trace.
 * `unreachable`: no reply; `invalid-response`: a reply that breaks the protocol; `not-found`: the
 * archive has no such resource; `misconfigured`: the administrator can fix it; `store`: state or
 * site cannot be read or written; `delivery`: a message could not be delivered.
 */
export type ProblemKind =
  | 'unreachable'
  | 'invalid-response'
  | 'not-found'
  | 'misconfigured'
  | 'store'
  | 'delivery';

/** An expected failure as a value, for the log and the status page. The run continues. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The archive, test id or file concerned. */
  readonly subject: string;
  /**
   * One sentence that names the failure, in words of pstrace. Pages show it, so it has no words of
   * another party; those are the `detail`.
   */
  readonly message: string;
  /** One sentence that says what to do; null if nothing can be done. */
  readonly remedy: string | null;
  /** The words of the other party, for the log. */
  readonly detail?: ForeignText | null;
}
