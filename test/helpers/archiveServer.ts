import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getResponse, type HttpHandler } from 'msw';
import { faultOf } from './faults.ts';

/** A loopback HTTP server for tests. `requests` are the paths with query that were asked, oldest first. */
export interface ArchiveServer {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  readonly port: number;
  readonly requests: string[];
  /** Headers of the newest request. */
  readonly lastHeaders: () => Readonly<IncomingMessage['headers']>;
  /** Its responses carry this time (epoch seconds) from now on; none before, and with null. */
  tellTime(epoch: number | null): void;
  close(): Promise<void>;
}

/** Key and certificate in PEM form. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
}

/**
 * Serves msw handlers over real sockets, so that connections, compression and faults are the real ones. msw answers
 * with what the first matching handler returns; no match is a 404. A handler may also return one of `faults.ts`.
 */
export async function startArchiveServer(
  handlers: readonly HttpHandler[],
  tls?: ServerTls,
): Promise<ArchiveServer> {
  const requests: string[] = [];
  let headers: IncomingMessage['headers'] = {};
  let date: string | null = null;
  const listener: RequestListener = (incoming, outgoing) => {
    outgoing.sendDate = false;
    if (date !== null) outgoing.setHeader('date', date);
    requests.push(incoming.url ?? '');
    headers = incoming.headers;
    answer(incoming, outgoing, handlers).catch((error) => outgoing.destroy(error));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    lastHeaders: () => headers,
    tellTime(epoch) {
      date = epoch === null ? null : new Date(epoch * 1000).toUTCString();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handlers: readonly HttpHandler[],
): Promise<void> {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    headers: Object.fromEntries(headers),
  });
  const response = await getResponse([...handlers], request);
  if (response === undefined) {
    outgoing.writeHead(404).end();
    return;
  }
  const fault = faultOf(response);
  if (fault !== undefined) return fault(outgoing);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
