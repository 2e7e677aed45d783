import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzip } from 'node:zlib';
import { templatePath } from '../psconfigTemplate.ts';
import { createSimulation, type Simulation } from '../simulation.ts';
import { createDemoArchive, type DemoArchive } from './demoArchive.ts';
import { respondTo } from './requestRouting.ts';
import { type ArchiveDialect, type DemoResponse, htmlResponse } from './response.ts';
import { archivePath } from './testMetadata.ts';

/** Options of a demo archive. */
export interface DemoServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** End of the demo's scenario, epoch seconds. */
  readonly now: number;
  readonly seed: number;
  readonly dialect: ArchiveDialect;
  /** The server's clock, epoch seconds, by which results appear; constantly `now` if absent. */
  readonly clock?: () => number;
}

/** A running demo archive. */
export interface RunningDemoArchive {
  /** Base URL, as an operand of pstrace. */
  readonly url: string;
  /** URL of the psConfig template of its mesh. */
  readonly templateUrl: string;
  readonly simulation: Simulation;
  close(): Promise<void>;
}

/**
 * Starts the demo archive on 127.0.0.1 only. Rejects with the system's error if the port is in use.
 */
export async function startDemoArchive(options: DemoServerOptions): Promise<RunningDemoArchive> {
  const simulation = createSimulation(options);
  const server = createServer();
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port, '127.0.0.1', resolve);
  await listening;
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const clock = options.clock ?? (() => options.now);
  const archive = createDemoArchive(simulation, options.dialect, origin, clock);
  server.on('request', (request, response) => serve(archive, request, response));
  return {
    url: `${origin}${archivePath}`,
    templateUrl: `${origin}${templatePath}`,
    simulation,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function serve(archive: DemoArchive, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  // The server lives in the time of its scenario.
  response.sendDate = false;
  const url = URL.parse(request.url ?? '/', archive.origin);
  const reply = url === null ? htmlResponse(404, 'Not a URL.') : respondTo(archive, url);
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (!/\bgzip\b/.test(accepted) || reply.body.length < 1000) {
    send(response, reply, reply.body);
    return;
  }
  gzip(reply.body, { level: 1 }, (error, packed) => {
    if (error !== null) throw error;
    send(response, { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' } }, packed);
  });
}

function send(response: ServerResponse, reply: DemoResponse, body: string | Buffer): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(body),
    vary: 'Accept-Encoding',
  });
  response.end(body);
}
