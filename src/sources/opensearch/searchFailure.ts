import { HttpError, type HttpFailure } from '../../lib/http/httpError.ts';
import type { StreamAddress } from './streamAddress.ts';

/** Adds to an error of HTTP what it means of OpenSearch. Returns any other error unchanged. */
export function clarify<Failure>(
  error: Failure,
  { hostname }: Pick<StreamAddress, 'hostname'>,
): Failure | HttpError {
  if (!(error instanceof HttpError)) return error;
  const words = wordsOf(error, hostname);
  if (words === null) return error;
  const { reason, status, retryAfterMs, subject, kind } = error;
  const failure = { reason, retryAfterMs, kind, ...(status !== null && { status }), ...words };
  return new HttpError(subject, failure, error);
}

type Words = Pick<HttpFailure, 'message'> & { readonly remedy: string };

const addressHint =
  'Give the URL of OpenSearch, such as https://ma.example.org/opensearch, or only the host to read elmond.';

function wordsOf({ reason, status }: HttpError, host: string): Words | null {
  if (reason === 'html' || reason === 'content' || reason === 'redirect') {
    return { message: `${host} has no OpenSearch at this address.`, remedy: addressHint };
  }
  switch (status) {
    case 401:
      return {
        message: `OpenSearch of ${host} requires a login, or rejects the one it was given.`,
        remedy:
          'Check user and password_file, or api_key_file, of the archive in the configuration.',
      };
    case 403:
      return {
        message: `OpenSearch of ${host} does not let this user read its traces.`,
        remedy:
          'Allow anonymous reading on the archive, or give user and password_file of its reader.',
      };
    case 400:
    case 404:
    case 405:
      return { message: `${host} has no OpenSearch at this address.`, remedy: addressHint };
    case 429:
      return {
        message: `OpenSearch of ${host} has too many requests to answer.`,
        remedy: 'The next run continues. If this lasts, give the archive more memory.',
      };
    case 500:
    case 502:
    case 503:
    case 504:
      return {
        message: `OpenSearch of ${host} is down, or starting (HTTP status ${status}).`,
        remedy: 'On the archive, see "psarchive troubleshoot" and the log of OpenSearch.',
      };
    default:
      return null;
  }
}
