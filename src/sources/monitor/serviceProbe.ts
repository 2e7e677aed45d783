import { createConnection, isIPv6 } from 'node:net';
import { Client } from 'undici';
import { roundDecimals } from '../../lib/roundDecimals.ts';
import { cleanText } from '../../lib/text.ts';

/** The answer of a web server. Times are in ms, rounded to 1 µs. */
export interface WebService {
  /** From the request on the open connection to the head of the response. */
  readonly rttMs: number;
  readonly status: number;
  /** Its `Server` header, cleaned; null for none. */
  readonly server: string | null;
}

/** The greeting of a MySQL server. */
export interface MysqlService {
  /** From the attempt to connect to the greeting. */
  readonly rttMs: number;
  /** Cleaned; null if the greeting is not that of MySQL. */
  readonly version: string | null;
}

/** The server that answers on a port. */
export type Service = WebService | MysqlService;

type ProbeService = (address: string, timeoutMs: number) => Promise<Service | null>;

/** The services that a scan asks for more than an open port. */
export const serviceProbes: ReadonlyMap<number, ProbeService> = new Map<number, ProbeService>([
  [80, (address, timeoutMs) => probeWeb('http', address, timeoutMs)],
  [443, (address, timeoutMs) => probeWeb('https', address, timeoutMs)],
  [3306, (address, timeoutMs) => probeMysql(address, timeoutMs)],
]);

/** Longest `Server` header and version, characters. */
const maxNameLength = 200;

/** Asks for the head of `/`. Any certificate will do, since the request has no secret. */
export async function probeWeb(
  scheme: 'http' | 'https',
  address: string,
  timeoutMs: number,
  port = scheme === 'http' ? 80 : 443,
): Promise<WebService | null> {
  const client = new Client(`${scheme}://${isIPv6(address) ? `[${address}]` : address}:${port}`, {
    connect: { rejectUnauthorized: false, timeout: timeoutMs },
  });
  let connectedAt = performance.now();
  client.once('connect', () => {
    connectedAt = performance.now();
  });
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, headers } = await client.request({ method: 'HEAD', path: '/', signal });
    const rttMs = roundDecimals(performance.now() - connectedAt);
    const server = [headers.server].flat()[0] ?? '';
    return { rttMs, status: statusCode, server: cleanText(server, maxNameLength) };
  } catch {
    return null;
  } finally {
    await client.destroy();
  }
}

/** Protocol version of MySQL's greeting, behind its length and sequence number. */
const greetingVersion = 10;
const greetingHeaderBytes = 4;

/** The greeting that MySQL and its relatives send on their own. */
export function probeMysql(
  address: string,
  timeoutMs: number,
  port = 3306,
): Promise<MysqlService | null> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = createConnection({ host: address, port });
    const finish = (service: MysqlService | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(service);
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    socket.once('error', () => finish(null));
    socket.once('end', () => finish(null));
    socket.once('data', (greeting) => {
      const rttMs = roundDecimals(performance.now() - startedAt);
      finish({ rttMs, version: versionIn(greeting) });
    });
  });
}

function versionIn(greeting: Buffer): string | null {
  if (greeting[greetingHeaderBytes] !== greetingVersion) return null;
  const from = greetingHeaderBytes + 1;
  const end = greeting.indexOf(0, from);
  return end === -1 ? null : cleanText(greeting.toString('latin1', from, end), maxNameLength);
}
