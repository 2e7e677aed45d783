/** The server that the demo archive imitates: esmond of perfSONAR 4 or elmond of perfSONAR 5. */
export type ArchiveDialect = 'esmond' | 'elmond';

/** An HTTP response. */
export interface DemoResponse {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects a request; becomes a response in the form of the server. */
export class RequestRefusedError extends Error {
  readonly status: 400 | 404 | 500;

  constructor(status: 400 | 404 | 500, message: string) {
    super(message);
    this.name = 'RequestRefused';
    this.status = status;
  }
}

const reasons = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' } as const;

/**
 * A JSON response: compact from esmond, indented from elmond, whose sorted keys are up to the
 * caller.
 */
export function jsonResponse(
  dialect: ArchiveDialect,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): DemoResponse {
  const body = dialect === 'esmond' ? JSON.stringify(value) : `${JSON.stringify(value, null, 4)}\n`;
  return { status: 200, contentType: 'application/json', headers, body };
}

/** esmond reports errors in JSON, except internal ones; elmond always in HTML. */
export function errorResponse(dialect: ArchiveDialect, error: RequestRefusedError): DemoResponse {
  const { status, message } = error;
  if (dialect === 'esmond' && status !== 500) {
    const body = JSON.stringify({ detail: message });
    return { status, contentType: 'application/json', headers: {}, body };
  }
  return htmlResponse(status, message);
}

/** An error page: for wrong paths, no server responds in JSON. */
export function htmlResponse(status: 400 | 404 | 500, message: string): DemoResponse {
  const reason = reasons[status];
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const body = `<!doctype html>\n<html lang=en>\n<title>${status} ${reason}</title>\n<h1>${reason}</h1>\n<p>${text}</p>\n`;
  return { status, contentType: 'text/html; charset=utf-8', headers: {}, body };
}

/** Redirects the client to another path. */
export function redirectResponse(status: 301 | 308, location: string): DemoResponse {
  return { status, contentType: 'text/html; charset=utf-8', headers: { location }, body: '' };
}
