import { type ErrorKind, ExpectedError } from '../errors.ts';

/**
 * Why a request came to nothing. No answer: `refused`, `name` (DNS), `certificate`, `not-tls` (the port speaks
 * something else), `tls`, `timeout`, `broken` (in the middle), `proxy`, `given-up` (too many of
 * these in a row). A wrong answer: `redirect`, `status`, `page` (HTML), `content` (not JSON), `cut` (not
 * whole), `too-large`, `too-slow`. Nothing was asked: `budget` (enough for one run).
 */
export type HttpReason =
  | 'refused'
  | 'name'
  | 'certificate'
  | 'not-tls'
  | 'tls'
  | 'timeout'
  | 'broken'
  | 'proxy'
  | 'given-up'
  | 'redirect'
  | 'status'
  | 'page'
  | 'content'
  | 'cut'
  | 'too-large'
  | 'too-slow'
  | 'budget';

/** What an `HttpError` is made of; `status` and `retryAfterMs` only where the server answered with them. */
export interface HttpFailure {
  readonly reason: HttpReason;
  readonly message: string;
  readonly remedy?: string;
  readonly kind?: ErrorKind;
  readonly status?: number;
  readonly retryAfterMs?: number | null;
}

/** An expected failure of a request; its subject is the server that was asked. */
export class HttpError extends ExpectedError {
  readonly reason: HttpReason;
  readonly status: number | null;
  /** How long the server asks to wait, milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(subject: string, failure: HttpFailure, cause?: unknown) {
    const { reason, message, remedy = null } = failure;
    super(
      { kind: failure.kind ?? kindsByReason[reason], subject, message, remedy },
      cause === undefined ? undefined : { cause },
    );
    this.reason = reason;
    this.status = failure.status ?? null;
    this.retryAfterMs = failure.retryAfterMs ?? null;
  }
}

const kindsByReason: Readonly<Record<HttpReason, ErrorKind>> = {
  refused: 'unreachable',
  name: 'unreachable',
  certificate: 'misconfigured',
  'not-tls': 'unreachable',
  tls: 'unreachable',
  timeout: 'unreachable',
  broken: 'unreachable',
  proxy: 'unreachable',
  'given-up': 'unreachable',
  redirect: 'misconfigured',
  status: 'invalid-response',
  page: 'invalid-response',
  content: 'invalid-response',
  cut: 'invalid-response',
  'too-large': 'invalid-response',
  'too-slow': 'unreachable',
  budget: 'misconfigured',
};

/** Whether the same request may succeed later: broken connections, 5xx, 408 and 429; never another 4xx. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  if (error.reason === 'status') {
    const status = error.status ?? 0;
    return status >= 500 || status === 408 || status === 429;
  }
  return ['refused', 'name', 'timeout', 'broken', 'cut', 'proxy', 'tls'].includes(error.reason);
}

/** Whether the server did not answer at all, which other requests to it will not change. */
export function isUnanswered(error: unknown): boolean {
  const { reason } = error instanceof HttpError ? error : { reason: null };
  return reason !== null && kindsByReason[reason] !== 'invalid-response' && reason !== 'redirect';
}
