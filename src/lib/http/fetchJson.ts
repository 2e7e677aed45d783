import { type Dispatcher, request } from 'undici';
import { foreignText } from '../../model/run/foreignText.ts';
import { version } from '../version.ts';
import { acceptedEncodings } from './body.ts';
import { connectionFailure } from './connectionFailure.ts';
import { HttpError, type HttpFailure } from './httpError.ts';
import { addFingerprint } from './peerFingerprint.ts';
import { receiveJson } from './receiveJson.ts';
import { maxRedirects, redirectTarget } from './redirect.ts';
import { updateServerClock } from './serverClock.ts';
import type { JsonDocument, JsonRequest, JsonResponse, RequestContext } from './types.ts';

/**
 * Sends one request, follows redirects, and resolves to the result of `read` for the document.
 * Rejects with an `HttpError`; retries are up to the caller.
 */
export async function fetchJson<T>(
  { url, body }: JsonRequest,
  context: RequestContext,
  read: (document: JsonDocument) => T,
): Promise<JsonResponse<T>> {
  let currentUrl = url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await send({ url: currentUrl, body }, context);
    updateServerClock(context.clock, response.headers, Date.now());
    const { location } = response.headers;
    if (!isRedirect(response.statusCode) || location === undefined) {
      return {
        value: await receiveJson(response, currentUrl.host, context, read),
        url: currentUrl,
      };
    }
    await response.body.dump();
    const target = redirectTarget(currentUrl, location);
    if (target === null)
      throw new HttpError(context.subject, forbiddenRedirect(currentUrl, location));
    if (redirects === maxRedirects) throw new HttpError(context.subject, redirectLoop(currentUrl));
    currentUrl = target;
  }
}

async function send(
  { url, body }: JsonRequest,
  context: RequestContext,
): Promise<Dispatcher.ResponseData> {
  const { dispatcher, timeoutSeconds, subject, counters, budget, authorization } = context;
  const timeout = timeoutSeconds * 1000;
  // undici heeds its timeouts and the signal only once connected: a proxy that never opens the
  // tunnel would block the request forever.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeout);
  const signal = AbortSignal.any([deadline.signal, budget.signal]);
  const abortion = Promise.withResolvers<never>();
  const abort = () => abortion.reject(signal.reason);
  signal.addEventListener('abort', abort);
  counters.requests += 1;
  try {
    const response = request(url, {
      dispatcher,
      method: body === null ? 'GET' : 'POST',
      body,
      headers: {
        accept: 'application/json',
        'accept-encoding': acceptedEncodings,
        'user-agent': `pstrace/${version}`,
        ...(body !== null && { 'content-type': 'application/json' }),
        ...(authorization && { authorization }),
      },
      headersTimeout: timeout,
      bodyTimeout: timeout,
      signal,
    });
    return await Promise.race([response, abortion.promise]);
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    const failure = connectionFailure(cause, url.host, timeoutSeconds);
    if (failure === null) throw error;
    throw new HttpError(subject, await addFingerprint(failure, url, context), error);
  } finally {
    clearTimeout(timer);
    // Until the end of the budget, Node.js would retain a signal with a listener, and all that the
    // listener refers to: the response with the last chunk of its body.
    signal.removeEventListener('abort', abort);
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function forbiddenRedirect(from: URL, location: unknown): HttpFailure {
  return {
    reason: 'redirect',
    message: `${from.host} redirects elsewhere, which pstrace does not follow.`,
    detail: foreignText(String(location)),
    remedy: 'Use the address of the archive itself.',
  };
}

function redirectLoop(from: URL): HttpFailure {
  return {
    reason: 'redirect',
    message: `${from.host} redirects more than ${maxRedirects} times.`,
    remedy: 'Check the path of the archive.',
  };
}
