import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import {
  adjustConcurrency,
  initialConcurrency,
  type RequestOutcome,
} from './adaptiveConcurrency.ts';
import { createAgent } from './agent.ts';
import { createBodyBuffers } from './bodyBuffer.ts';
import { createHttpBudget } from './budget.ts';
import { fetchJson } from './fetchJson.ts';
import { HttpError, isTransient, isUnanswered } from './httpError.ts';
import type { ServerClock } from './serverClock.ts';
import type {
  HttpBudget,
  HttpClient,
  HttpClientOptions,
  HttpCounters,
  JsonDocument,
  JsonRequest,
  JsonResponse,
  RequestContext,
} from './types.ts';

const maxBackoffMs = 30_000;
/** Statuses of an overloaded server. */
const throttlingStatuses = new Set([429, 503]);

/**
 * Creates a client for one host with bounded, adaptive concurrency, retries of transient failures,
 * and limits on time and size. After a series of requests without a response it sends no more: a
 * dead archive must not cost every test its timeouts.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const dispatcher = createAgent(options.hostname, options);
  const counters: HttpCounters = { requests: 0, bytes: 0 };
  const clock: ServerClock = { offsetSeconds: null };
  const budget = createHttpBudget(options);
  const requestContext: RequestContext = {
    ...options,
    ...{ dispatcher, counters, clock, budget, withBodyBuffer: createBodyBuffers() },
  };
  const limit = pLimit(options.concurrency);
  const maxUnanswered = 3 * options.concurrency + 2;
  let unanswered = 0;
  let concurrencyState = initialConcurrency(options.concurrency);

  const recordOutcome = (outcome: RequestOutcome) => {
    concurrencyState = adjustConcurrency(concurrencyState, outcome);
    limit.concurrency = concurrencyState.concurrency;
  };
  const fetchTimed = async <T>(
    request: JsonRequest,
    read: (document: JsonDocument) => T,
  ): Promise<JsonResponse<T>> => {
    const startedAt = performance.now();
    try {
      const response = await fetchJson(request, requestContext, read);
      recordOutcome({ kind: 'response', milliseconds: performance.now() - startedAt });
      return response;
    } catch (error) {
      if (error instanceof HttpError && throttlingStatuses.has(error.status ?? 0))
        recordOutcome({ kind: 'throttled' });
      throw error;
    }
  };

  const attempt = async <T>(
    request: JsonRequest,
    read: (document: JsonDocument) => T,
    retries: number,
  ): Promise<JsonResponse<T>> => {
    budget.requireRest();
    if (unanswered >= maxUnanswered) throw gaveUpError(options);
    try {
      const response = await requestWithRetries(
        () => fetchTimed(request, read),
        retries,
        requestContext,
      );
      unanswered = 0;
      return response;
    } catch (error) {
      budget.signal.throwIfAborted();
      unanswered = isUnanswered(error) ? unanswered + 1 : 0;
      throw error;
    }
  };

  const getDocument: HttpClient['getDocument'] = (url, read, retries = options.retries) =>
    limit(() => attempt({ url, body: null }, read, retries));

  return {
    counters,
    clock,
    getDocument,
    postDocument: (request, read, retries = options.retries) =>
      limit(() => attempt(request, read, retries)),
    getJson: (url, retries) => getDocument(url, (document) => document.parse(), retries),
    close: () => {
      budget.close();
      return dispatcher.destroy();
    },
  };
}

function requestWithRetries<T>(
  request: () => Promise<T>,
  retries: number,
  { retryDelayMs, budget }: { readonly retryDelayMs: number; readonly budget: HttpBudget },
): Promise<T> {
  return pRetry(request, {
    retries,
    minTimeout: retryDelayMs,
    maxTimeout: maxBackoffMs,
    randomize: true,
    signal: budget.signal,
    shouldRetry: ({ error }) => isTransient(error),
    onFailedAttempt: ({ error, retriesLeft, retryDelay }) => {
      const requestedMs = error instanceof HttpError ? error.retryAfterMs : null;
      if (requestedMs === null || retriesLeft === 0 || !isTransient(error)) return;
      return sleep(Math.max(0, requestedMs - retryDelay), undefined, { signal: budget.signal });
    },
  });
}

function gaveUpError({ subject, hostname }: HttpClientOptions): HttpError {
  return new HttpError(subject, {
    reason: 'given-up',
    message: `${hostname} no longer responds, so this run sends it no further requests.`,
  });
}
