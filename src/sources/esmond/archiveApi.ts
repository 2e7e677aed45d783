import { ExpectedError } from '../../lib/errors.ts';
import { createHttpClient } from '../../lib/http/client.ts';
import { HttpError } from '../../lib/http/httpError.ts';
import type { ServerClock } from '../../lib/http/serverClock.ts';
import type { HttpCounters } from '../../lib/http/types.ts';
import type { Log } from '../../lib/log.ts';
import type { ArchiveOptions } from '../types.ts';
import { type ArchiveAddress, parseArchiveAddress } from './archiveAddress.ts';

/** Query parameters of a request; `format=json` is added, which the oldest servers need. */
export type Query = Readonly<Record<string, string | number>>;

/** Requests to one archive. Every URL is its own base and a path made here: no URL of an answer is ever used. */
export interface ArchiveApi {
  /** Identity of the archive, as in `Test.archive`. */
  readonly id: string;
  /** The base URL in use: with the scheme that the archive turned out to speak. */
  base(): string;
  /**
   * GETs `path` below the base URL and gives what `take` makes of the JSON value. Rejects with an `HttpError`; `retries` overrides the
   * configured number.
   */
  get<T>(path: string, query: Query, parse: (value: unknown) => T, retries?: number): Promise<T>;
  readonly counters: Readonly<HttpCounters>;
  readonly clock: Readonly<ServerClock>;
  close(): Promise<void>;
}

const defaultRetryDelayMs = 1000;

/** Opens the connection pool of an archive. Throws an `ExpectedError` for an address or CA file that cannot be used. */
export function openApi(options: ArchiveOptions, log: Log): ArchiveApi {
  const { id, hostname, bases } = requirePinnable(parseArchiveAddress(options.url), options);
  const retryDelayMs = options.retryDelayMs ?? defaultRetryDelayMs;
  const client = createHttpClient({ ...options, subject: id, hostname, retryDelayMs });
  let [base] = bases;
  let isSchemeKnown = bases.length === 1;

  const sendRequest: ArchiveApi['get'] = async (path, query, parse, retries) => {
    const requestedUrl = requestUrl(base, path, query);
    log.debug('GET', { url: requestedUrl.href });
    const { value, url } = await client.getConverted(requestedUrl, parse, retries);
    isSchemeKnown = true;
    if (url.origin !== requestedUrl.origin && url.pathname === requestedUrl.pathname) {
      log.info(`${requestedUrl.origin} redirects to ${url.origin}`);
      base = base.replace(requestedUrl.origin, url.origin);
    }
    return value;
  };

  /** The first request also finds out whether the archive speaks https: nothing but that may lead to http. */
  const sendFirstRequest: ArchiveApi['get'] = async (path, query, parse, retries) => {
    try {
      return await sendRequest(path, query, parse, 0);
    } catch (error) {
      isSchemeKnown = true;
      if (!(error instanceof HttpError)) throw error;
      const [, httpBase] = bases;
      if (httpBase === undefined || !isTlsMissing(error))
        return sendRequest(path, query, parse, retries);
      log.info(`${error.message} Trying http.`);
      base = httpBase;
      return sendRequest(path, query, parse, retries).catch((httpError) => {
        throw httpError instanceof HttpError ? combineErrors(error, httpError) : httpError;
      });
    }
  };

  return {
    id,
    base: () => base,
    get: (...request) => (isSchemeKnown ? sendRequest : sendFirstRequest)(...request),
    counters: client.counters,
    clock: client.clock,
    close: client.close,
  };
}

/** Where a certificate is pinned, http would let in anybody who keeps https from answering. */
function requirePinnable(address: ArchiveAddress, { fingerprint }: ArchiveOptions): ArchiveAddress {
  const [first] = address.bases;
  if (!fingerprint) return address;
  if (first.startsWith('https:')) return { ...address, bases: [first] };
  throw new ExpectedError({
    kind: 'misconfigured',
    subject: address.id,
    message: 'A fingerprint is pinned, but http shows no certificate.',
    remedy: 'Write the address with https, or take the fingerprint away.',
  });
}

function isTlsMissing({ reason }: HttpError): boolean {
  return reason === 'refused' || reason === 'not-tls';
}

function combineErrors(https: HttpError, http: HttpError): HttpError {
  if (!isTlsMissing(http)) return http;
  const message = `Neither https nor http: ${https.message} ${http.message}`;
  return new HttpError(http.subject, { reason: http.reason, message });
}

function requestUrl(base: string, path: string, query: Query): URL {
  const url = new URL(`${base}${path}`);
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, format: 'json' })) {
    values.append(name, String(value));
  }
  url.search = String(values);
  return url;
}
