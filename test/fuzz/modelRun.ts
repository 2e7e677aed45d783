import type { Random } from '../../src/demo/random.ts';
import { below, pick } from './mutations.ts';

/** The reply to a probe. */
export interface ModelReply {
  readonly address: string;
  readonly ms: number;
}

/** The probes of a ttl; null for a lost one. */
export type ModelHop = readonly (ModelReply | null)[];

/** A run that a tool might have measured: what its output has to mean. */
export interface ModelRun {
  readonly source: string;
  /** Address of the target, which the last hop has if the run reached it. */
  readonly target: string;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly hops: readonly ModelHop[];
}

/** Draws a run. `hosts`: most hosts of a hop; `probes`: most probes of a ttl. */
export function drawRun(random: Random, hosts: number, probes: number): ModelRun {
  const isV6 = random() < 0.2;
  const address = (network: number, host: number) =>
    isV6 ? `2001:db8:${network}::${host}` : `198.51.100.${10 * network + host}`;
  const target = isV6 ? '2001:db8:ff::9' : '203.0.113.9';
  const sent = 1 + below(probes, random);
  const length = 1 + below(12, random);
  const hops = Array.from({ length }, (_, index): ModelHop => {
    const isTarget = index === length - 1;
    const isSilent = !isTarget && random() < 0.2;
    const responders = isTarget
      ? [target]
      : Array.from({ length: 1 + below(hosts, random) }, (__, host) =>
          address(index + 1, host + 1),
        );
    const loss = isSilent ? 1 : pick([0, 0, 0, 0.3], random);
    const replies = Array.from({ length: sent }, () =>
      random() < loss ? null : { address: pick(responders, random), ms: drawMs(random) },
    );
    // The target replied, or the run would not have ended here.
    return isTarget && replies.every((reply) => reply === null)
      ? [{ address: target, ms: drawMs(random) }, ...replies.slice(1)]
      : replies;
  });
  return { source: 'probe.example.net', target, startedAt: 1_781_949_600, hops };
}

function drawMs(random: Random): number {
  return Math.round(10 ** (random() * 5 - 1.5) * 1000) / 1000;
}

/** The name of a host, as DNS has it for every second one; null for none. */
export function nameOfHost(address: string): string | null {
  const last = address.charCodeAt(address.length - 1);
  return last % 2 === 0 ? null : `r${address.replace(/[.:]+/g, '-')}.example.net`;
}

/** The AS of a host; null if nobody announces it. */
export function asnOfHost(address: string): number | null {
  const last = address.charCodeAt(address.length - 1);
  return last % 3 === 0 ? null : 64_496 + (last % 10);
}

/** The replies of a hop by address, in the order of their first reply. */
export function repliesByAddress(hop: ModelHop): Map<string, number[]> {
  const replies = new Map<string, number[]>();
  for (const reply of hop) {
    if (reply !== null) {
      replies.set(reply.address, [...(replies.get(reply.address) ?? []), reply.ms]);
    }
  }
  return replies;
}
