import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A response with its decoded body. */
export interface Asked {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly wireBytes: number;
  readonly text: string;
}

/** Sends a request to a server on loopback, without following redirects. */
export function ask(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, method, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const raw = Buffer.concat(parts);
        const isPacked = response.headers['content-encoding'] === 'gzip';
        const text = (isPacked ? gunzipSync(raw) : raw).toString();
        const { statusCode = 0, headers: got } = response;
        resolve({ status: statusCode, headers: got, wireBytes: raw.length, text });
      });
    });
    call.on('error', reject);
    call.end();
  });
}

/** Requests JSON and returns its value. */
export async function askJson<T>(url: string): Promise<T> {
  const answer = await ask(url);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as T;
}

/** The tested fields of an element of a list. */
export interface ListedTest {
  readonly 'metadata-key': string;
  readonly source: string;
  readonly destination: string;
  readonly 'tool-name': string;
  readonly 'input-source': string;
  readonly 'event-types': readonly {
    readonly 'event-type': string;
    readonly 'base-uri': string;
    readonly 'time-updated': number | null;
  }[];
  readonly 'metadata-count-total'?: number;
  readonly 'metadata-next-page'?: string | null;
  readonly 'metadata-previous-page'?: string | null;
  readonly [name: string]: unknown;
}

/** One element of a data response. */
export interface DataPoint<V = readonly Record<string, unknown>[]> {
  readonly ts: number;
  readonly val: V;
}
