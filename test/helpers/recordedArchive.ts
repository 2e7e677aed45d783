import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Archives that were recorded as files, played on loopback. */
export interface RecordedArchives {
  /** To be given to a program as HTTP_PROXY: whatever host it asks for, the answer comes from the host's folder. */
  readonly proxy: string;
  close(): Promise<void>;
}

const base = '/esmond/perfsonar/archive';

/**
 * Plays the archives of a folder: `HOST/list.json` is the list of tests, `HOST/KEY/EVENT-TYPE.json` the results, of which
 * those in the time asked for are given out, as every archive does. It stands in as the proxy for all of them, so that they keep
 * names of their own, free of a port number that changes from run to run.
 */
export async function playArchives(folder: string): Promise<RecordedArchives> {
  const server = createServer((request, response) => {
    const body = answer(folder, new URL(request.url ?? ''));
    response.sendDate = false;
    response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(body ?? '{"detail": "Not found."}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(folder: string, { hostname, pathname, searchParams }: URL): string | null {
  if (pathname === `${base}/`) return readFileSync(join(folder, hostname, 'list.json'), 'utf8');
  const [key = '', eventType = '', ...window] = pathname.slice(base.length + 1).split('/');
  if (!existsSync(join(folder, hostname, key)) || window.join('/') !== 'base/0') return null;
  const file = join(folder, hostname, key, `${eventType}.json`);
  if (!existsSync(file)) return '[]';
  const from = Number(searchParams.get('time-start'));
  const to = Number(searchParams.get('time-end'));
  const results: { readonly ts: unknown }[] = JSON.parse(readFileSync(file, 'utf8'));
  // What carries no time at all is given out with everything.
  return JSON.stringify(results.filter(({ ts }) => !(Number(ts) < from || Number(ts) > to)));
}
