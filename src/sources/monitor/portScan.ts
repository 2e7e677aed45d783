import { createConnection } from 'node:net';
import { roundDecimals } from '../../lib/roundDecimals.ts';

/** `filtered`: no reply in time, or a reply of a router or firewall in place of the host. */
export type PortState = 'open' | 'closed' | 'filtered';

/** The result of one connection attempt. */
export interface PortResult {
  readonly port: number;
  readonly state: PortState;
  /** From the attempt to the reply of the host, ms rounded to 1 µs; null without a reply. */
  readonly rttMs: number | null;
}

/** Longest wait for a reply. */
export interface ScanOptions {
  readonly timeoutSeconds: number;
}

/**
 * Connects to TCP ports of an address in parallel and disconnects, without sending data. Results
 * are in the order of `ports`.
 */
export function scanPorts(
  address: string,
  ports: readonly number[],
  options: ScanOptions,
): Promise<PortResult[]> {
  return Promise.all([...new Set(ports)].map((port) => scanPort(address, port, options)));
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
