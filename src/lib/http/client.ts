import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { type AgentOptions, createAgent } from './agent.ts';
import { type Exchange, fetchJson } from './exchange.ts';
import { HttpError, isSilence, mayPass } from './failure.ts';
import { nextPace, type Outcome, startPace } from './pace.ts';
import type { ServerClock } from './serverClock.ts';

/** `subject`: what failures are reported about; `hostname`: the one host this client talks to. */
export interface HttpClientOptions extends AgentOptions {
  readonly subject: string;
  readonly hostname: string;
  /** Requests at a time while the server bears up; fewer when it slows down or says so. */
  readonly concurrency: number;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** Limit of one answer, as sent and as decoded. */
  readonly maxAnswerBytes: number;
  /** Limit of all answers together, as sent; after it nothing more is asked. */
  readonly maxTotalBytes: number;
  /** Wait before the first repetition, milliseconds; doubled and spread for the next ones. */
  readonly retryDelayMs: number;
}

/** What was made of a JSON answer; `url` is where it came from after redirects. */
export interface Answer<T> {
  readonly value: T;
  readonly url: URL;
}

/** Requests sent and bytes received, repetitions and failures included. */
export interface HttpCounters {
  requests: number;
  bytes: number;
}

export interface HttpClient {
  /** GETs a JSON document. Rejects with an `HttpError`; `retries` overrides the client's number. */
  getJson(url: URL, retries?: number): Promise<Answer<unknown>>;
  /** As `getJson`, for large documents: gives what `take` makes of the value, which must not hold on to it. */
  getTaken<T>(url: URL, take: (value: unknown) => T, retries?: number): Promise<Answer<T>>;
  readonly counters: Readonly<HttpCounters>;
  readonly clock: Readonly<ServerClock>;
  /** Ends all connections, also those in use. */
  close(): Promise<void>;
}

const longestBackoffMs = 30_000;
/** Statuses by which a server says that it is asked too much. */
const asksForLess = new Set([429, 503]);

/**
 * A client for one host with bounded and adaptive concurrency, repetition of what may pass, and limits on time and size.
 * After a row of requests without any answer it sends no more: a dead archive must not cost every test its time-outs.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const dispatcher = createAgent(options.hostname, options);
  const counters: HttpCounters = { requests: 0, bytes: 0 };
  const clock: ServerClock = { aheadSeconds: null };
  const exchange: Exchange = { ...options, dispatcher, counters, clock };
  const limit = pLimit(options.concurrency);
  const patience = 3 * options.concurrency + 2;
  let unanswered = 0;
  let pace = startPace(options.concurrency);

  const note = (outcome: Outcome) => {
    pace = nextPace(pace, outcome);
    limit.concurrency = pace.concurrency;
  };
  const timed = async <T>(url: URL, take: (value: unknown) => T): Promise<Answer<T>> => {
    const startedAt = performance.now();
    try {
      const answer = await fetchJson(url, exchange, take);
      note({ kind: 'answer', milliseconds: performance.now() - startedAt });
      return answer;
    } catch (error) {
      if (error instanceof HttpError && asksForLess.has(error.status ?? 0))
        note({ kind: 'pushback' });
      throw error;
    }
  };

  const attempt = async <T>(
    url: URL,
    take: (value: unknown) => T,
    retries: number,
  ): Promise<Answer<T>> => {
    if (counters.bytes >= options.maxTotalBytes) throw enough(options, counters.bytes);
    if (unanswered >= patience) throw givenUp(options);
    try {
      const answer = await withRetries(() => timed(url, take), retries, options);
      unanswered = 0;
      return answer;
    } catch (error) {
      unanswered = isSilence(error) ? unanswered + 1 : 0;
      throw error;
    }
  };

  const getTaken: HttpClient['getTaken'] = (url, take, retries = options.retries) =>
    limit(() => attempt(url, take, retries));

  return {
    counters,
    clock,
    getTaken,
    getJson: (url, retries) => getTaken(url, (value) => value, retries),
    close: () => dispatcher.destroy(),
  };
}

function withRetries<T>(
  request: () => Promise<T>,
  retries: number,
  { retryDelayMs }: HttpClientOptions,
): Promise<T> {
  return pRetry(request, {
    retries,
    minTimeout: retryDelayMs,
    maxTimeout: longestBackoffMs,
    randomize: true,
    shouldRetry: ({ error }) => mayPass(error),
    onFailedAttempt: ({ error, retriesLeft, retryDelay }) => {
      const asked = error instanceof HttpError ? error.retryAfterMs : null;
      if (asked === null || retriesLeft === 0 || !mayPass(error)) return;
      return pause(asked - retryDelay);
    },
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}

function givenUp({ subject, hostname }: HttpClientOptions): HttpError {
  return new HttpError(subject, {
    reason: 'given-up',
    message: `${hostname} stopped answering; nothing more is asked of it in this run.`,
  });
}

function enough({ subject, hostname }: HttpClientOptions, bytes: number): HttpError {
  const sent = bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`;
  return new HttpError(subject, {
    reason: 'budget',
    message: `${hostname} has sent ${sent}, as much as one run may take; the next run goes on.`,
    remedy: 'Raise max_run of [http] in the configuration if the archive and the line can bear it.',
  });
}
