import type { Dispatcher } from 'undici';
import type { AgentOptions } from './agent.ts';
import type { WithBodyBuffer } from './bodyBuffer.ts';
import type { ServerClock } from './serverClock.ts';

/** `subject`: what failures are reported about; `hostname`: the only host of this client. */
export interface HttpClientOptions extends AgentOptions {
  readonly subject: string;
  readonly hostname: string;
  /** Value of the header `Authorization`; null or absent for none. */
  readonly authorization?: string | null;
  /** Most parallel requests; the client sends fewer to a server that slows down or asks for it. */
  readonly concurrency: number;
  /** Retries of a failed request. */
  readonly retries: number;
  /** Limit of one response, as transferred and as decoded. */
  readonly maxResponseBytes: number;
  /** Limit of all responses together, as decoded. The client sends no requests beyond it. */
  readonly maxTotalBytes: number;
  /** Limit of the time from the first request on, waits included. Nothing is sent after it. */
  readonly maxTotalSeconds: number;
  /** Wait before the first retry, milliseconds; doubled and randomized for the next ones. */
  readonly retryDelayMs: number;
}

/** The body of a JSON response. */
export interface JsonDocument {
  /** UTF-8, without content coding. */
  readonly bytes: Buffer;
  /** The value. Throws an `HttpError` if the body is no JSON. */
  parse(): unknown;
}

/** The converted value of a JSON response; `url` is its address after redirects. */
export interface JsonResponse<T> {
  readonly value: T;
  readonly url: URL;
}

/** A request for a JSON document: a POST of JSON text, or a GET if `body` is null. */
export interface JsonRequest {
  readonly url: URL;
  readonly body: string | null;
}

/** Requests sent and bytes received, including retries and failures. */
export interface HttpCounters {
  requests: number;
  bytes: number;
}

/** A client for one host. */
export interface HttpClient {
  /** GETs a JSON document. Rejects with an `HttpError`; `retries` overrides the client's number. */
  getJson(url: URL, retries?: number): Promise<JsonResponse<unknown>>;
  /**
   * As `getJson`, for large documents: resolves to the result of `read`, which must not retain the
   * document or its value.
   */
  getDocument<T>(
    url: URL,
    read: (document: JsonDocument) => T,
    retries?: number,
  ): Promise<JsonResponse<T>>;
  /** As `getDocument`, for a POST of JSON text. The request must change nothing: it is retried. */
  postDocument<T>(
    request: JsonRequest,
    read: (document: JsonDocument) => T,
    retries?: number,
  ): Promise<JsonResponse<T>>;
  readonly counters: Readonly<HttpCounters>;
  readonly clock: Readonly<ServerClock>;
  /** Closes all connections, including those in use. */
  close(): Promise<void>;
}

/** The time and the bytes that all responses of one server may cost. */
export interface HttpBudget {
  /** Aborted with an `HttpError` of reason `budget` when the time is up. */
  readonly signal: AbortSignal;
  /** Starts the time with the first call. Throws the `HttpError` if nothing is left. */
  requireRest(): void;
  /** Counts bytes: those of a body as transferred, or as decoded if that is more. */
  spend(bytes: number): void;
  /** Ends the time without an error. */
  close(): void;
}

/** The state of a client that a request needs. */
export interface RequestContext extends HttpClientOptions {
  readonly dispatcher: Dispatcher;
  readonly counters: HttpCounters;
  readonly clock: ServerClock;
  readonly budget: HttpBudget;
  readonly withBodyBuffer: WithBodyBuffer;
}
