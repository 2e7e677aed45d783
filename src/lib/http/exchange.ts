import { type Dispatcher, request } from 'undici';
import { version } from '../version.ts';
import { acceptedEncodings } from './body.ts';
import type { Answer, HttpClientOptions, HttpCounters } from './client.ts';
import { connectionFailure } from './connection.ts';
import { HttpError, type HttpFailure } from './failure.ts';
import { withFingerprint } from './fingerprintAt.ts';
import { receiveJson } from './receive.ts';
import { maxRedirects, redirectTarget } from './redirect.ts';
import { readClock, type ServerClock } from './serverClock.ts';

/** What one request needs to know of its client. */
export interface Exchange extends HttpClientOptions {
  readonly dispatcher: Dispatcher;
  readonly counters: HttpCounters;
  readonly clock: ServerClock;
}

/**
 * One GET with its redirects: what `take` makes of the JSON of the answer, or a thrown `HttpError`. Nothing is repeated
 * here.
 */
export async function fetchJson<T>(
  url: URL,
  exchange: Exchange,
  take: (value: unknown) => T,
): Promise<Answer<T>> {
  let at = url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(at, exchange);
    readClock(exchange.clock, response.headers, Date.now());
    const { location } = response.headers;
    if (!isRedirect(response.statusCode) || location === undefined) {
      return { value: await receiveJson(response, at.host, exchange, take), url: at };
    }
    await response.body.dump();
    const target = redirectTarget(at, location);
    if (target === null) throw new HttpError(exchange.subject, elsewhere(at, location));
    if (redirects === maxRedirects) throw new HttpError(exchange.subject, circles(at));
    at = target;
  }
}

async function send(url: URL, exchange: Exchange): Promise<Dispatcher.ResponseData> {
  const { dispatcher, timeoutSeconds, subject, counters } = exchange;
  const timeout = timeoutSeconds * 1000;
  // undici's own time-outs begin when the connection stands, and only then does it heed the signal: a proxy that never
  // opens the tunnel would hold the request for ever.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeout);
  counters.requests += 1;
  try {
    const answer = request(url, {
      dispatcher,
      headers: {
        accept: 'application/json',
        'accept-encoding': acceptedEncodings,
        'user-agent': `pstrace/${version}`,
      },
      headersTimeout: timeout,
      bodyTimeout: timeout,
      signal: deadline.signal,
    });
    return await Promise.race([answer, rejectedBy(deadline.signal)]);
  } catch (error) {
    const cause = deadline.signal.aborted ? deadline.signal.reason : error;
    const failure = connectionFailure(cause, url.host, timeoutSeconds);
    if (failure === null) throw error;
    throw new HttpError(subject, await withFingerprint(failure, url, exchange), error);
  } finally {
    clearTimeout(timer);
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function elsewhere(from: URL, location: unknown): HttpFailure {
  const target = URL.parse(String(location), from.href);
  return {
    reason: 'redirect',
    message: `${from.host} redirects to ${target?.origin ?? 'nowhere'}, which is not followed.`,
    remedy: 'Give the address of the archive itself.',
  };
}

function circles(from: URL): HttpFailure {
  return {
    reason: 'redirect',
    message: `${from.host} redirects more than ${maxRedirects} times in a row.`,
    remedy: 'Check the path of the archive.',
  };
}
