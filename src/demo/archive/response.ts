/** Which server the demo archive behaves like: perfSONAR 4's esmond or perfSONAR 5's elmond. */
export type ArchiveDialect = 'esmond' | 'elmond';

/** An HTTP answer before it is sent. */
export interface DemoResponse {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Thrown where a request cannot be served; becomes an answer in the server's own form. */
export class RequestRefusedError extends Error {
  readonly status: 400 | 404 | 500;

  constructor(status: 400 | 404 | 500, message: string) {
    super(message);
    this.name = 'RequestRefused';
    this.status = status;
  }
}

const reasons = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' } as const;

/** A JSON answer: compact from esmond, indented and with sorted keys (the caller's work) from elmond. */
export function jsonResponse(
  dialect: ArchiveDialect,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): DemoResponse {
  const body = dialect === 'esmond' ? JSON.stringify(value) : `${JSON.stringify(value, null, 4)}\n`;
  return { status: 200, contentType: 'application/json', headers, body };
}

/** esmond tells its reasons in JSON, except for internal errors; elmond always in HTML. */
export function refusalResponse(dialect: ArchiveDialect, error: RequestRefusedError): DemoResponse {
  const { status, message } = error;
  if (dialect === 'esmond' && status !== 500) {
    const body = JSON.stringify({ detail: message });
    return { status, contentType: 'application/json', headers: {}, body };
  }
  return htmlResponse(status, message);
}

/** The page of a wrong path: no server speaks JSON there. */
export function htmlResponse(status: 400 | 404 | 500, message: string): DemoResponse {
  const reason = reasons[status];
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const body = `<!doctype html>\n<html lang=en>\n<title>${status} ${reason}</title>\n<h1>${reason}</h1>\n<p>${text}</p>\n`;
  return { status, contentType: 'text/html; charset=utf-8', headers: {}, body };
}

/** Sends the client to the same place under another path. */
export function redirectResponse(status: 301 | 308, location: string): DemoResponse {
  return { status, contentType: 'text/html; charset=utf-8', headers: { location }, body: '' };
}
