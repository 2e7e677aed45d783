import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** An answer as it came over the wire, its body unpacked. */
export interface Asked {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly wireBytes: number;
  readonly text: string;
}

/** Asks a server on loopback without following redirects. */
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

/** Asks for JSON and gives the value. */
export async function askJson<T>(url: string): Promise<T> {
  const answer = await ask(url);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as T;
}

/** One element of a list answer, as far as the tests look at it. */
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

/** One element of a data answer. */
export interface DataPoint<V = readonly Record<string, unknown>[]> {
  readonly ts: number;
  readonly val: V;
}
