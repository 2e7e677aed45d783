import { createConnection } from 'node:net';
import { roundDecimals } from '../../lib/roundDecimals.ts';
import { type Service, serviceProbes } from './serviceProbe.ts';

/** `filtered`: no reply in time, or a reply of a router or firewall in place of the host. */
export type PortState = 'open' | 'closed' | 'filtered';

/** The result of one connection attempt. */
export interface PortResult {
  readonly port: number;
  readonly state: PortState;
  /** From the attempt to the reply of the host, ms rounded to 1 µs; null without a reply. */
  readonly rttMs: number | null;
  /** The web or MySQL server on an open port; absent on other ports and without an answer. */
  readonly service?: Service;
}

/** Longest wait for a reply. */
export interface ScanOptions {
  readonly timeoutSeconds: number;
}

/**
 * Connects to TCP ports of an address in parallel and disconnects. Only the usual ports of HTTP and
 * MySQL are asked for their server. Results are in the order of `ports`.
 */
export function scanPorts(
  address: string,
  ports: readonly number[],
  options: ScanOptions,
): Promise<PortResult[]> {
  return Promise.all([...new Set(ports)].map((port) => scanService(address, port, options)));
}

async function scanService(
  address: string,
  port: number,
  options: ScanOptions,
): Promise<PortResult> {
  const result = await scanPort(address, port, options);
  const probe = result.state === 'open' ? serviceProbes.get(port) : undefined;
  const service = await probe?.(address, options.timeoutSeconds * 1000);
  return service ? { ...result, service } : result;
}

function scanPort(
  host: string,
  port: number,
  { timeoutSeconds }: ScanOptions,
): Promise<PortResult> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = createConnection({ host, port });
    const finish = (state: PortState) => {
      clearTimeout(timer);
      socket.destroy();
      const rttMs = state === 'filtered' ? null : roundDecimals(performance.now() - startedAt);
      resolve({ port, state, rttMs });
    };
    const timer = setTimeout(() => finish('filtered'), timeoutSeconds * 1000);
    socket.once('connect', () => finish('open'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      finish(code === 'ECONNREFUSED' ? 'closed' : 'filtered'),
    );
  });
}
