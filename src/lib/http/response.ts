import { type ForeignText, foreignText } from '../../model/run/foreignText.ts';
import { htmlToText } from '../text.ts';
import type { HttpFailure } from './httpError.ts';
import { retryAfterMs } from './redirect.ts';

/** Longest accepted `Retry-After`, milliseconds. */
const maxRetryAfterMs = 60_000;
/** Longest quotation of an unexpected response, characters; the log shows less. */
const maxQuoteLength = 2000;

/** The parts of a response that decide its meaning; `body` is decoded. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The failure of a status other than 2xx. `now` is in milliseconds. */
export function statusFailure(response: RawResponse, host: string, now: number): HttpFailure {
  const { status } = response;
  const failure: HttpFailure = {
    reason: 'status',
    message: `${host} responded with HTTP status ${status}.`,
    detail: quoteReason(response.body.toString('utf8')),
    status,
    retryAfterMs: retryAfterMs(response.headers['retry-after'], now, maxRetryAfterMs),
  };
  if (status === 404) return { ...failure, kind: 'not-found' };
  return status === 401 || status === 403 ? { ...failure, kind: 'misconfigured' } : failure;
}

/** Bytes that show whether a body is a page. */
const headBytes = 256;

/** The failure of a 2xx response that is a web page; null for any other. */
export function pageFailure({ headers, body }: RawResponse, host: string): HttpFailure | null {
  const head = stripByteOrderMark(body.toString('utf8', 0, headBytes));
  const type = String(headers['content-type'] ?? '');
  if (!/html/i.test(type) && !/^\s*</.test(head)) return null;
  return {
    reason: 'html',
    message: `${host} responded with a web page instead of JSON.`,
    detail: quoteReason(stripByteOrderMark(body.toString('utf8'))),
    remedy: 'Check the path of the archive. A login page or a captive portal also looks like this.',
  };
}

/** Bytes of the limit of a response for each value in it: twice what short hop records need. */
const bytesPerValue = 4;
/** Each of these begins a value, or separates two. */
const valueMarks: ReadonlySet<number | undefined> = new Set(Buffer.from(',[{'));

/**
 * The failure of a body with so many values, such as millions of empty lists, that they would take
 * a multiple of its size in memory; null for any other. `maxBytes`: limit of a body.
 */
export function densityFailure(body: Buffer, host: string, maxBytes: number): HttpFailure | null {
  const maxValues = maxBytes / bytesPerValue;
  if (body.length <= maxValues) return null;
  let values = 0;
  for (const byte of body) if (valueMarks.has(byte)) values += 1;
  if (values <= maxValues) return null;
  return {
    reason: 'too-large',
    message: `The response of ${host} has more than ${Math.floor(maxValues)} values.`,
  };
}

/**
 * The JSON value of a 2xx response that is no page, or its failure. A truncated body may be
 * complete next time.
 */
export function parseJsonBody(
  { body }: RawResponse,
  host: string,
): { value: unknown } | HttpFailure {
  const text = stripByteOrderMark(body.toString('utf8'));
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return isTruncated(error, text)
      ? { reason: 'truncated', message: `The response of ${host} was truncated.` }
      : {
          reason: 'content',
          message: `${host} sent invalid JSON.`,
          detail: foreignText(text.slice(0, maxQuoteLength)),
        };
  }
}

function stripByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** V8 reports the end of the input, or the position at which it stopped. */
function isTruncated(error: unknown, text: string): boolean {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  return /end of JSON input/.test(message) || Number(position) >= text.length;
}

/**
 * The readable part of an error body: `detail` or `error` of a JSON object, or the text of a page.
 */
function quoteReason(body: string): ForeignText | null {
  try {
    const { detail, error } = JSON.parse(body) as { detail?: unknown; error?: unknown };
    return foreignText(detail ?? error);
  } catch {
    return foreignText(htmlToText(body, maxQuoteLength));
  }
}
