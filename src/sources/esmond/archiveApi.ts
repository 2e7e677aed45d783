import { createHttpClient } from '../../lib/http/client.ts';
import { HttpError } from '../../lib/http/httpError.ts';
import type { ServerClock } from '../../lib/http/serverClock.ts';
import type { HttpClient, HttpCounters, JsonDocument } from '../../lib/http/types.ts';
import { detailFields, type Log } from '../../lib/log.ts';
import { secureBases } from '../secureBases.ts';
import type { ArchiveOptions } from '../types.ts';
import { parseArchiveAddress } from './archiveAddress.ts';

/**
 * Query parameters of a request; each request adds `format=json`, which the oldest servers require.
 */
export type QueryParameters = Readonly<Record<string, string | number>>;

/**
 * Requests to one archive. Every URL consists of the archive's own base and a path of this program:
 * URLs in responses are never used.
 */
export interface ArchiveApi {
  /** Identity of the archive, as in `Test.archive`. */
  readonly id: string;
  /** The base URL in use, with the scheme that the archive speaks. */
  base(): string;
  /**
   * GETs `path` below the base URL and resolves to the result of `read` for the document.
   * Rejects with an `HttpError`; `retries` overrides the configured number.
   */
  get<T>(
    path: string,
    query: QueryParameters,
    read: (document: JsonDocument) => T,
    retries?: number,
  ): Promise<T>;
  readonly counters: Readonly<HttpCounters>;
  readonly clock: Readonly<ServerClock>;
  close(): Promise<void>;
}

const defaultRetryDelayMs = 1000;

/**
 * Opens the connection pool of an archive. Throws an `ExpectedError` for an unusable address or CA
 * file.
 */
export function openApi(options: ArchiveOptions, log: Log): ArchiveApi {
  const { id, hostname, bases } = parseArchiveAddress(options.url);
  const retryDelayMs = options.retryDelayMs ?? defaultRetryDelayMs;
  const client = createHttpClient({ ...options, subject: id, hostname, retryDelayMs });
  return new HttpArchiveApi(id, secureBases(id, bases, options), client, log);
}

class HttpArchiveApi implements ArchiveApi {
  readonly id: string;
  readonly #client: HttpClient;
  readonly #log: Log;
  readonly #httpBase: string | undefined;
  #base: string;
  #isSchemeKnown: boolean;

  constructor(id: string, bases: readonly string[], client: HttpClient, log: Log) {
    [this.#base = '', this.#httpBase] = bases;
    this.id = id;
    this.#client = client;
    this.#log = log;
    this.#isSchemeKnown = bases.length === 1;
  }

  get counters(): Readonly<HttpCounters> {
    return this.#client.counters;
  }

  get clock(): Readonly<ServerClock> {
    return this.#client.clock;
  }

  base(): string {
    return this.#base;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  get<T>(
    path: string,
    query: QueryParameters,
    read: (document: JsonDocument) => T,
    retries?: number,
  ): Promise<T> {
    const send = (times = retries) => this.#send(path, query, read, times);
    return this.#isSchemeKnown ? send() : this.#findScheme(send);
  }

  async #send<T>(
    path: string,
    query: QueryParameters,
    read: (document: JsonDocument) => T,
    retries: number | undefined,
  ): Promise<T> {
    const requestedUrl = requestUrl(this.#base, path, query);
    this.#log.debug('GET', { url: requestedUrl.href });
    const { value, url } = await this.#client.getDocument(requestedUrl, read, retries);
    this.#isSchemeKnown = true;
    if (url.origin !== requestedUrl.origin && url.pathname === requestedUrl.pathname) {
      this.#log.info(`${requestedUrl.origin} redirects to ${url.origin}`);
      this.#base = this.#base.replace(requestedUrl.origin, url.origin);
    }
    return value;
  }

  /** Sends the first request, by https. Only an archive without TLS is then asked by http. */
  async #findScheme<T>(send: (retries?: number) => Promise<T>): Promise<T> {
    try {
      return await send(0);
    } catch (error) {
      this.#isSchemeKnown = true;
      if (!(error instanceof HttpError)) throw error;
      if (this.#httpBase === undefined || !isTlsMissing(error)) return send();
      this.#log.info(`${error.message} Trying http.`, detailFields(error));
      this.#base = this.#httpBase;
      return send().catch((httpError) => {
        throw httpError instanceof HttpError ? combineErrors(error, httpError) : httpError;
      });
    }
  }
}

function isTlsMissing({ reason }: HttpError): boolean {
  return reason === 'refused' || reason === 'not-tls';
}

function combineErrors(https: HttpError, http: HttpError): HttpError {
  if (!isTlsMissing(http)) return http;
  const reasons = [...new Set([https.message, http.message])].join(' ');
  const message = `Neither https nor http works: ${reasons}`;
  return new HttpError(http.subject, { reason: http.reason, message, detail: http.detail });
}

function requestUrl(base: string, path: string, query: QueryParameters): URL {
  const url = new URL(`${base}${path}`);
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, format: 'json' })) {
    values.append(name, String(value));
  }
  url.search = String(values);
  return url;
}
