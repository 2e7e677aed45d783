import type { ForeignText } from '../../model/run/foreignText.ts';
import type { ProblemKind } from '../../model/run/problem.ts';
import { ExpectedError } from '../errors.ts';

/**
 * Why a request failed. No response: `refused`, `dns`, `certificate`, `not-tls` (another protocol),
 * `tls`, `timeout`, `broken` (during the response), `proxy`, `given-up` (after a series of these).
 * A wrong response: `redirect`, `status`, `html`, `content` (not JSON), `truncated`, `too-large`,
 * `too-slow`. Not sent, or given up: `budget` (time and bytes of one run), `forbidden` (an address
 * that the client must not connect to).
 */
export type HttpReason =
  | 'refused'
  | 'dns'
  | 'certificate'
  | 'not-tls'
  | 'tls'
  | 'timeout'
  | 'broken'
  | 'proxy'
  | 'given-up'
  | 'redirect'
  | 'status'
  | 'html'
  | 'content'
  | 'truncated'
  | 'too-large'
  | 'too-slow'
  | 'budget'
  | 'forbidden';

/** The details of an `HttpError`; `status` and `retryAfterMs` only if the server sent them. */
export interface HttpFailure {
  readonly reason: HttpReason;
  readonly message: string;
  /** The words of the server. */
  readonly detail?: ForeignText | null;
  readonly remedy?: string;
  readonly kind?: ProblemKind;
  readonly status?: number;
  readonly retryAfterMs?: number | null;
}

/** An expected failure of a request. Its subject is the server. */
export class HttpError extends ExpectedError {
  readonly reason: HttpReason;
  readonly status: number | null;
  /** The wait that the server asks for, milliseconds; null for none. */
  readonly retryAfterMs: number | null;

  constructor(subject: string, failure: HttpFailure, cause?: unknown) {
    const { reason, message, remedy = null, detail = null } = failure;
    super(
      { kind: failure.kind ?? kindsByReason[reason], subject, message, remedy, detail },
      cause === undefined ? undefined : { cause },
    );
    this.reason = reason;
    this.status = failure.status ?? null;
    this.retryAfterMs = failure.retryAfterMs ?? null;
  }
}

const kindsByReason: Readonly<Record<HttpReason, ProblemKind>> = {
  refused: 'unreachable',
  dns: 'unreachable',
  certificate: 'misconfigured',
  'not-tls': 'unreachable',
  tls: 'unreachable',
  timeout: 'unreachable',
  broken: 'unreachable',
  proxy: 'unreachable',
  'given-up': 'unreachable',
  redirect: 'misconfigured',
  status: 'invalid-response',
  html: 'invalid-response',
  content: 'invalid-response',
  truncated: 'invalid-response',
  'too-large': 'invalid-response',
  'too-slow': 'unreachable',
  budget: 'misconfigured',
  forbidden: 'misconfigured',
};

/** Whether a retry may succeed: after broken connections, 5xx, 408 and 429, but no other 4xx. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  if (error.reason === 'status') {
    const status = error.status ?? 0;
    return status >= 500 || status === 408 || status === 429;
  }
  return ['refused', 'dns', 'timeout', 'broken', 'truncated', 'proxy', 'tls'].includes(
    error.reason,
  );
}

/** Whether the time or the bytes of the server's budget are spent. */
export function isBudgetSpent(error: unknown): error is HttpError {
  return error instanceof HttpError && error.reason === 'budget';
}

/** Whether the server did not respond at all, so that other requests would fail too. */
export function isUnanswered(error: unknown): boolean {
  const { reason } = error instanceof HttpError ? error : { reason: null };
  return reason !== null && kindsByReason[reason] !== 'invalid-response' && reason !== 'redirect';
}
