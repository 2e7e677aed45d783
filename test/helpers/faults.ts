import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

type Fault = (outgoing: ServerResponse) => void;
const faults = new WeakMap<Response, Fault>();

/** What a response that stands for a fault does to the connection; undefined for an ordinary response. */
export function faultOf(response: Response): Fault | undefined {
  return faults.get(response);
}

function fault(act: Fault): Response {
  const response = new Response();
  faults.set(response, act);
  return response;
}

/** The whole answer as it would go over the wire, header included. */
export function wire(value: unknown): Buffer {
  const body = JSON.stringify(value);
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.from(head + body);
}

/** Sends the first `bytes` of an answer, header included, then resets the connection. */
export function resetAfter(bytes: number, value: unknown): Response {
  return fault(({ socket }) => {
    socket?.write(wire(value).subarray(0, bytes), () => socket.resetAndDestroy());
  });
}

/** A body that stops in mid-JSON although its length was kept: what a dying back end leaves behind a proxy. */
export function truncated(value: unknown, keep: number): Response {
  const body = JSON.stringify(value).slice(0, keep);
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

/** Takes the request and never answers. */
export function stall(): Response {
  return fault(() => {});
}

/** Sends the header at once, then the body one byte every `everyMs`. */
export function drip(value: unknown, everyMs: number): Response {
  return fault((outgoing) => {
    const body = JSON.stringify(value);
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    let sent = 0;
    const timer = setInterval(() => outgoing.write(body[sent++] ?? ''), everyMs);
    outgoing.on('close', () => clearInterval(timer));
  });
}

/** Sends a header that has no end, one byte every `everyMs`. */
export function dripHeader(everyMs: number): Response {
  return fault(({ socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\nX-Endless: ');
    const timer = setInterval(() => socket?.write('x'), everyMs);
    socket?.on('close', () => clearInterval(timer));
  });
}

/** A few kilobytes that unpack to `bytes` of JSON. */
export function gzipBomb(bytes: number): Response {
  return gzipped(`[${' '.repeat(bytes - 2)}]`);
}

/** An ordinary compressed answer. */
export function gzipped(body: string): Response {
  return new Response(gzipSync(body), {
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
}

/** A web page under status 200: a log-in page, a captive portal. */
export function page(html: string, status = 200): Response {
  return new Response(html, { status, headers: { 'content-type': 'text/html' } });
}

/** Sends the client elsewhere. */
export function redirect(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}

/** Answers the first request with the first reply, and so on; the last one for ever. */
export function inTurn(...replies: readonly (() => Response)[]): () => Response {
  let count = 0;
  return () => {
    const reply = replies[Math.min(count, replies.length - 1)];
    count += 1;
    return reply === undefined ? new Response(null, { status: 500 }) : reply();
  };
}
