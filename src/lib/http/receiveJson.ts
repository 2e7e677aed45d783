import type { Dispatcher } from 'undici';
import { type BodyFault, decodeBody, readBody } from './body.ts';
import type { BodyBuffer } from './bodyBuffer.ts';
import { connectionFailure } from './connectionFailure.ts';
import { HttpError, type HttpFailure } from './httpError.ts';
import { densityFailure, pageFailure, parseJsonBody, statusFailure } from './response.ts';
import type { JsonDocument, RequestContext } from './types.ts';

/** Bytes to read of an error response, whose reason is quoted. */
const maxErrorBytes = 65_536;

/**
 * Resolves to the result of `read` for the document in a response from `host`. Rejects with an
 * `HttpError` for a status other than 2xx and for every fault of the body. Nothing else refers to
 * the document: an older object that did would delay its garbage collection, and its bytes are
 * overwritten later.
 */
export function receiveJson<T>(
  response: Dispatcher.ResponseData,
  host: string,
  context: RequestContext,
  read: (document: JsonDocument) => T,
): Promise<T> {
  return context.withBodyBuffer(async (buffer) =>
    read(await receiveDocument(response, host, context, buffer)),
  );
}

async function receiveDocument(
  response: Dispatcher.ResponseData,
  host: string,
  context: RequestContext,
  buffer: BodyBuffer,
): Promise<JsonDocument> {
  const { statusCode: status, headers } = response;
  const isSuccess = status >= 200 && status < 300;
  const maxBytes = isSuccess ? context.maxResponseBytes : maxErrorBytes;
  const body = await receiveBody(response, host, { ...context, maxBytes }, buffer);
  const fail = (failure: HttpFailure) => new HttpError(context.subject, failure);
  if (!isSuccess) {
    const quotable = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    throw fail(statusFailure({ status, headers, body: quotable }, host, Date.now()));
  }
  if (!Buffer.isBuffer(body)) throw fail(bodyFailure(body, host, context.maxResponseBytes));
  const raw = { status, headers, body };
  const failure = pageFailure(raw, host) ?? densityFailure(body, host, context.maxResponseBytes);
  if (failure !== null) throw fail(failure);
  return {
    bytes: body,
    parse() {
      const result = parseJsonBody(raw, host);
      if ('value' in result) return result.value;
      throw fail(result);
    },
  };
}

async function receiveBody(
  { body, headers }: Dispatcher.ResponseData,
  host: string,
  context: RequestContext & { readonly maxBytes: number },
  buffer: BodyBuffer,
): Promise<Buffer | BodyFault> {
  const { timeoutSeconds, subject, counters, budget, maxBytes } = context;
  try {
    const limits = { maxBytes, baseTimeoutMs: timeoutSeconds * 1000 };
    const encoded = await readBody(body, limits, buffer, (count) => {
      counters.bytes += count;
      budget.spend(count);
    });
    if (!Buffer.isBuffer(encoded)) return encoded;
    const decoded = await decodeBody(encoded, String(headers['content-encoding'] ?? ''), maxBytes);
    // Where decoding failed, the size counts as the limit.
    const decodedBytes = Buffer.isBuffer(decoded) ? decoded.length : maxBytes;
    budget.spend(Math.max(0, decodedBytes - encoded.length));
    return decoded;
  } catch (error) {
    const failure = connectionFailure(error, host, timeoutSeconds);
    throw failure === null ? error : new HttpError(subject, failure, error);
  }
}

function bodyFailure(fault: BodyFault, host: string, maxBytes: number): HttpFailure {
  switch (fault) {
    case 'too-large':
      return {
        reason: 'too-large',
        message: `The response of ${host} is larger than ${Math.round(maxBytes / 1e6)} MB.`,
      };
    case 'too-slow':
      return {
        reason: 'too-slow',
        message: `The response of ${host} arrives too slowly.`,
      };
    case 'corrupt':
      return { reason: 'truncated', message: `The compressed response of ${host} is corrupt.` };
  }
}
