import { createConnection } from 'node:net';

/** `filtered`: no answer in time, or a router or firewall answered in place of the host. */
export type PortState = 'open' | 'closed' | 'filtered';

/** What became of one attempt to connect. */
export interface PortResult {
  readonly port: number;
  readonly state: PortState;
  /** From the attempt to the answer of the host, ms with a resolution of 1 µs; null when it gave none. */
  readonly rttMs: number | null;
}

/** How long a port may take to answer. */
export interface ScanOptions {
  readonly timeoutSeconds: number;
}

/** Connects to TCP ports of an address, all at once, and hangs up; results in the order of `ports`. Sends no data. */
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
      const rttMs =
        state === 'filtered' ? null : roundToMicroseconds(performance.now() - startedAt);
      resolve({ port, state, rttMs });
    };
    const timer = setTimeout(() => finish('filtered'), timeoutSeconds * 1000);
    socket.once('connect', () => finish('open'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      finish(code === 'ECONNREFUSED' ? 'closed' : 'filtered'),
    );
  });
}

function roundToMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
