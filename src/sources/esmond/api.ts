import { ExpectedError } from '../../lib/errors.ts';
import { createHttpClient, type HttpCounters } from '../../lib/http/client.ts';
import { HttpError } from '../../lib/http/failure.ts';
import type { ServerClock } from '../../lib/http/serverClock.ts';
import type { Log } from '../../lib/log.ts';
import { type ArchiveAddress, parseAddress } from './address.ts';
import type { ArchiveOptions } from './archive.ts';

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
  get<T>(path: string, query: Query, take: (value: unknown) => T, retries?: number): Promise<T>;
  readonly counters: Readonly<HttpCounters>;
  readonly clock: Readonly<ServerClock>;
  close(): Promise<void>;
}

const defaultRetryDelayMs = 1000;

/** Opens the connection pool of an archive. Throws an `ExpectedError` for an address or CA file that cannot be used. */
export function openApi(options: ArchiveOptions, log: Log): ArchiveApi {
  const { id, hostname, bases } = pinnable(parseAddress(options.url), options);
  const retryDelayMs = options.retryDelayMs ?? defaultRetryDelayMs;
  const client = createHttpClient({ ...options, subject: id, hostname, retryDelayMs });
  let [base] = bases;
  let settled = bases.length === 1;

  const ask: ArchiveApi['get'] = async (path, query, take, retries) => {
    const asked = requestUrl(base, path, query);
    log.debug('GET', { url: asked.href });
    const { value, url } = await client.getTaken(asked, take, retries);
    settled = true;
    if (url.origin !== asked.origin && url.pathname === asked.pathname) {
      log.info(`${asked.origin} redirects to ${url.origin}`);
      base = base.replace(asked.origin, url.origin);
    }
    return value;
  };

  /** The first request also finds out whether the archive speaks https: nothing but that may lead to http. */
  const askFirst: ArchiveApi['get'] = async (path, query, take, retries) => {
    try {
      return await ask(path, query, take, 0);
    } catch (error) {
      settled = true;
      if (!(error instanceof HttpError)) throw error;
      const [, plain] = bases;
      if (plain === undefined || !speaksNoTls(error)) return ask(path, query, take, retries);
      log.info(`${error.message} Trying http.`);
      base = plain;
      return ask(path, query, take, retries).catch((second) => {
        throw second instanceof HttpError ? both(error, second) : second;
      });
    }
  };

  return {
    id,
    base: () => base,
    get: (...request) => (settled ? ask : askFirst)(...request),
    counters: client.counters,
    clock: client.clock,
    close: client.close,
  };
}

/** Where a certificate is pinned, http would let in anybody who keeps https from answering. */
function pinnable(address: ArchiveAddress, { fingerprint }: ArchiveOptions): ArchiveAddress {
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

function speaksNoTls({ reason }: HttpError): boolean {
  return reason === 'refused' || reason === 'not-tls';
}

function both(https: HttpError, http: HttpError): HttpError {
  if (!speaksNoTls(http)) return http;
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
