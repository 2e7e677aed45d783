import type { ExpectedError } from '../../lib/errors.ts';
import { HttpError } from '../../lib/http/httpError.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';

/** A response lacks the documents of some shards. */
export class PartialResponse extends Error {}

/** The failure of a request that needs a whole index. */
export function missingPart(subject: string): HttpError {
  return new HttpError(subject, {
    reason: 'content',
    message: 'A part of the archive is not available, so metrics are missing.',
    remedy: 'The next run reads them.',
  });
}

/** A server other than OpenSearch may answer anything with status 200. */
export function rejectForeign(subject: string, response: JsonObject): void {
  if (Object.keys(jsonObject(response._shards)).length > 0) return;
  throw new HttpError(subject, {
    reason: 'content',
    message: 'The response is not one of OpenSearch.',
  });
}

/** A red index is not `failed`: it is missing from the successful ones. */
export function isWhole({ timed_out, _shards }: JsonObject): boolean {
  const { total, successful, failed } = jsonObject(_shards);
  return timed_out !== true && failed === 0 && successful === total;
}

/** OpenSearch sends 503 if shards are missing; so does a proxy before a dead one. */
export function isIncomplete(error: unknown): boolean {
  return error instanceof PartialResponse || (error instanceof HttpError && error.status === 503);
}

/** Whether a server rejects the login. */
export function isLoginRejected(error: ExpectedError): boolean {
  return error instanceof HttpError && error.status === 401;
}

/** Whether a server says that it is no OpenSearch, or that it may not be read. */
export function isRejection(error: ExpectedError): boolean {
  if (!(error instanceof HttpError)) return false;
  const { reason, status } = error;
  if (reason === 'status')
    return status !== null && status >= 400 && status < 500 && status !== 429;
  return reason === 'html' || reason === 'content' || reason === 'redirect';
}
