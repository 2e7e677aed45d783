import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** A link through a program that delays and loses packets. */
export interface Wire {
  /**
   * Sets the delay in one direction, milliseconds, and the share of packets (0 to 1) that it loses.
   */
  set(delayMs: number, lossShare: number): void;
}

const relay = join(import.meta.dirname, 'wireRelay.ts');

/**
 * Connects tunnel devices in two namespaces, without netem in the kernel. The packets travel as
 * datagrams over a separate link; `wireRelay.ts` forwards them.
 */
export async function openWire(
  lab: Lab,
  [one, oneAddress]: readonly [name: string, address: string],
  [other, otherAddress]: readonly [name: string, address: string],
): Promise<Wire> {
  await lab.link(one, other);
  const ends = [
    [one, other, '169.254.7.1/30', oneAddress],
    [other, one, '169.254.7.2/30', otherAddress],
  ] as const;
  for (const [name, device, carried] of ends) {
    await lab.ip(name, `addr add ${carried} dev ${device}`);
    await lab.ip(name, `link set ${device} mtu 2000 up`);
  }
  // A wire must not wait for a CPU.
  const start = (name: string, ...command: readonly string[]) =>
    lab.start(name, 'chrt', '--fifo', '1', ...command);
  const passing = start(one, process.execPath, relay);
  await new Promise<void>((resolve, reject) => {
    passing.stdout?.once('data', () => resolve());
    passing.once('error', reject);
    passing.once('exit', (code) => reject(new Error(`the relay of the wire ended with ${code}`)));
  });
  start(one, 'socat', tunnel(oneAddress), 'UDP4:127.0.0.1:7001,bind=127.0.0.1:7003');
  start(other, 'socat', tunnel(otherAddress), 'UDP4:169.254.7.1:7002,bind=169.254.7.2:7004');
  for (const [name] of ends) await appears(lab, name);
  return {
    set(delayMs, lossShare) {
      passing.stdin?.write(`${JSON.stringify({ delayMs, lossShare })}\n`);
    },
  };
}

function tunnel(address: string): string {
  return `TUN:${address}/30,tun-name=wire,iff-no-pi,iff-up`;
}

/** Waits until socat has created its device. */
async function appears(lab: Lab, name: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const found = await lab.ip(name, 'addr show dev wire up').catch(() => '');
    if (found.includes('inet ')) return;
    if (tries > 100) throw new Error(`no device for the wire in ${name}: socat cannot create it`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
