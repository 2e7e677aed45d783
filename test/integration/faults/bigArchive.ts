import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { metadata } from '../../helpers/fakeArchive.ts';

/** A large archive, generated on request. */
export interface BigArchive {
  readonly tests: number;
  /** Number of tests with results. */
  readonly withResults: number;
  /** Results of one test: `count` of them, the last at `last` (epoch seconds). */
  readonly count: number;
  readonly last: number;
  readonly spacingSeconds: number;
}

const basePath = '/esmond/perfsonar/archive';
/** elmond's limit of one response. */
const mostAtOnce = 10_000;

/** Serves it until the end of the running test; returns the base URL. */
export async function serveBig(archive: BigArchive): Promise<string> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://archive.invalid');
    const isList = url.pathname === `${basePath}/`;
    response.sendDate = false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(isList ? listed(archive, url.searchParams) : results(archive, url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`;
}

function listed({ tests }: BigArchive, query: URLSearchParams): string {
  const offset = Number(query.get('offset') ?? 0);
  const end = Math.min(tests, offset + Number(query.get('limit')));
  const page = Array.from({ length: Math.max(0, end - offset) }, (_, index) => {
    const number = offset + index;
    return metadata({
      'metadata-key': number.toString(16).padStart(64, '0'),
      source: `198.18.${number >> 8}.${number & 255}`,
      'input-source': `ps-${number}.example.net`,
      ...(index === 0 ? { 'metadata-count-total': tests, 'metadata-next-page': null } : {}),
    });
  });
  return JSON.stringify(page);
}

function results({ withResults, count, last, spacingSeconds }: BigArchive, url: URL): string {
  const [, key = '', eventType] = /\/([0-9a-f]{64})\/([a-z-]+)\//.exec(url.pathname) ?? [];
  if (eventType !== 'packet-trace' || Number.parseInt(key, 16) >= withResults) return '[]';
  const [from, to] = ['time-start', 'time-end'].map((name) => Number(url.searchParams.get(name)));
  const first = last - (count - 1) * spacingSeconds;
  const begin = Math.max(0, Math.ceil(((from ?? 0) - first) / spacingSeconds));
  const end = Math.min(count - 1, Math.floor(((to ?? 0) - first) / spacingSeconds));
  const wanted = Math.min(Math.max(0, end - begin + 1), mostAtOnce);
  const texts = Array.from({ length: wanted }, (_, index) => {
    const ts = first + (begin + index) * spacingSeconds;
    return `{"ts":${ts},"val":[{"ttl":1,"ip":"198.51.100.${ts % 2}","rtt":${(ts % 50) / 10}},{"ttl":2},{"ttl":3,"ip":"203.0.113.9","rtt":${5 + (ts % 30)}}]}`;
  });
  return `[${texts.join()}]`;
}
