/**
 * Serves a benchmark mesh like elmond, in its own process. Writes every requested path into a file,
 * so that the floor can request the same paths. Prints its base URL, and ends when stdin closes.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { keyOf, type MeshOptions, metadata, startTimes, traceValues } from './mesh.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '400' },
    interval: { type: 'string', default: '600' },
    variants: { type: 'string', default: '16' },
    stable: { type: 'boolean', default: false },
    pretty: { type: 'boolean', default: false },
    latency: { type: 'string', default: '0' },
    'ms-per-trace': { type: 'string', default: '0' },
    tls: { type: 'boolean', default: false },
    log: { type: 'string' },
  },
});
const mesh: MeshOptions = {
  pairs: Number(values.pairs),
  intervalSeconds: Number(values.interval),
  variants: Number(values.variants),
  stable: values.stable,
  pretty: values.pretty,
};
const latencyMs = Number(values.latency);
const msPerTrace = Number(values['ms-per-trace']);
const pairByKey = new Map(Array.from({ length: mesh.pairs }, (_, pair) => [keyOf(pair), pair]));
const prepared = new Map<number, Buffer[]>();
let busyUntil = 0;

function valuesOf(pair: number): Buffer[] {
  let buffers = prepared.get(pair);
  if (buffers === undefined) {
    buffers = traceValues(pair, mesh).map((text) => Buffer.from(text));
    prepared.set(pair, buffers);
  }
  return buffers;
}

/**
 * Waits as long as a real elmond, which handles one request at a time per process: the work on a
 * trace delays all later requests.
 */
async function simulateWork(traces: number): Promise<void> {
  const now = performance.now();
  busyUntil = Math.max(now, busyUntil) + traces * msPerTrace;
  const wait = latencyMs + busyUntil - now;
  if (wait > 0.5) await sleep(wait);
}

function listBody(query: URLSearchParams): Buffer {
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? 1000);
  const rows: Record<string, unknown>[] = [];
  for (let pair = offset; pair < Math.min(mesh.pairs, offset + limit); pair += 1)
    rows.push(metadata(pair, mesh));
  if (rows[0] !== undefined)
    Object.assign(rows[0], {
      'metadata-count-total': mesh.pairs,
      'metadata-next-page': null,
      'metadata-previous-page': null,
    });
  return Buffer.from(JSON.stringify(rows, null, mesh.pretty ? 4 : undefined));
}

function dataBody(pair: number, query: URLSearchParams): { body: Buffer; traces: number } {
  const from = Number(query.get('time-start') ?? 0);
  const to = Number(query.get('time-end') ?? Date.now() / 1000);
  const limit = Number(query.get('limit') ?? 1000);
  const times = startTimes(pair, from, to, mesh.intervalSeconds).slice(0, limit);
  const choices = valuesOf(pair);
  const parts: Buffer[] = [Buffer.from('[')];
  for (const [index, at] of times.entries()) {
    const choice = choices[((at / mesh.intervalSeconds) | 0) % choices.length];
    if (choice === undefined) continue;
    parts.push(Buffer.from(`${index > 0 ? ',' : ''}{"ts":${at},"val":`), choice, Buffer.from('}'));
  }
  parts.push(Buffer.from(']'));
  return { body: Buffer.concat(parts), traces: times.length };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The runs have a clock of their own.
  response.sendDate = false;
  const path = request.url ?? '/';
  if (values.log !== undefined) appendFileSync(values.log, `${path}\n`);
  const url = new URL(path, 'http://localhost');
  const [, , , , key, eventType] = url.pathname.split('/');
  const pair = pairByKey.get(key ?? '');
  let body: Buffer = Buffer.from('[]');
  if (key === '' || key === undefined) {
    await simulateWork(0);
    body = listBody(url.searchParams);
  } else if (pair !== undefined && eventType === 'packet-trace') {
    const data = dataBody(pair, url.searchParams);
    await simulateWork(data.traces);
    body = data.body;
  } else {
    await simulateWork(0);
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

const listener = (request: IncomingMessage, response: ServerResponse) => {
  answer(request, response).catch((error: unknown) => response.destroy(error as Error));
};
const pem = (name: string) =>
  readFileSync(join(import.meta.dirname, '../test/fixtures/sources/tls', name));
const server = values.tls
  ? createTlsServer(
      { keepAliveTimeout: 60_000, key: pem('server.key'), cert: pem('self-signed.pem') },
      listener,
    )
  : createPlainServer({ keepAliveTimeout: 60_000 }, listener);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`${values.tls ? 'https' : 'http'}://127.0.0.1:${port}/esmond/perfsonar/archive`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
