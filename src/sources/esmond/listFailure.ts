import { HttpError } from '../../lib/http/httpError.ts';

const databaseRemedy =
  'The database of the archive is probably down, or rejects the login of elmond: see the error log of its web server, and "psarchive troubleshoot" of perfSONAR 5.';

/** An error of the list with its probable remedy; any other error unchanged. */
export function withListRemedy(error: unknown, base: string): unknown {
  if (!(error instanceof HttpError) || error.remedy !== null) return error;
  const remedy = remedyOf(error, base);
  if (remedy === null) return error;
  const { subject, reason, kind, message, detail, status, retryAfterMs } = error;
  const failure = { reason, kind, message, detail, remedy, retryAfterMs };
  return new HttpError(subject, { ...failure, ...(status !== null && { status }) }, error);
}

function remedyOf({ status }: HttpError, base: string): string | null {
  switch (status) {
    case 400:
    case 404:
      return 'Check the path of the archive. pstrace finds the usual one by itself if you give only the host.';
    case 403:
      return base.startsWith('http:')
        ? 'perfSONAR 5 answers only over https: use an https address.'
        : 'Ask the administrator of the archive to let this host read it.';
    case 500:
    case 502:
    case 503:
    case 504:
      return databaseRemedy;
    default:
      return null;
  }
}
