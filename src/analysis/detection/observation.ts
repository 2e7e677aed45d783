import type { Responder, Trace } from '../../model/trace.ts';
import { type DeviceTable, destinationDevice, internDevice } from './identity/devices.ts';

/** A trace in the terms of the detection: parallel lists of what answered, in ttl order. */
export interface Observation {
  readonly at: number;
  readonly ttls: readonly number[];
  readonly devices: number[];
  /** Which of its node's addresses answered: its place among them, at most `mostDoors`. */
  readonly ingressIndexes: number[];
  readonly rttsMs: readonly (number | null)[];
  /** Last ttl that answered; 0 for none. */
  readonly lastTtl: number;
  readonly reached: boolean;
  readonly destinationTtl: number | null;
  readonly rttMs: number | null;
  /** Share of the probes to the destination without an answer, 0 to 1; null where the tool sends too few to tell. */
  readonly lostShare: number | null;
  readonly mtu: number | null;
  readonly error: string | null;
  /** A device answers again two ttls later or more, and the destination is not reached. */
  readonly loop: boolean;
}

/** So many probes to a hop measure loss; with fewer it may be chance, or the destination's limit on answers. */
const minProbesForLoss = 4;

/** Translates a trace; the node table learns addresses it has not seen. */
export function createObservation(
  trace: Trace,
  table: DeviceTable,
  responders: ReadonlyMap<string, Responder>,
  merge: (from: number, into: number) => void,
): Observation {
  const { route, rttMs, probes } = trace;
  const ttls: number[] = [];
  const devices: number[] = [];
  const ingressIndexes: number[] = [];
  const rtts: (number | null)[] = [];
  let index = 0;
  let lastTtl = 0;
  let destinationTtl: number | null = null;
  let destinationRtt: number | null = null;
  let lostShare = probes?.sent.some((number) => number >= minProbesForLoss) ? 1 : null;
  let error: string | null = null;
  for (const [position, hop] of route.hops.entries()) {
    error = hop.error ?? error;
    for (const address of hop.addresses) {
      const device = internDevice(table, address, responders, merge);
      const rtt = rttMs[index++] ?? null;
      if (device === destinationDevice && route.reached) {
        destinationTtl ??= hop.ttl;
        destinationRtt ??= rtt;
        const sent = probes?.sent[position] ?? 0;
        if (lostShare !== null && sent > 0)
          lostShare = Math.min(
            lostShare,
            Math.max(0, 1 - (probes?.received[index - 1] ?? 0) / sent),
          );
      }
      ttls.push(hop.ttl);
      devices.push(device);
      ingressIndexes.push(ingressIndexOf(table, device, address));
      rtts.push(rtt);
      lastTtl = hop.ttl;
    }
  }
  return {
    at: trace.startedAt,
    ttls,
    devices,
    ingressIndexes,
    rttsMs: rtts,
    lastTtl,
    reached: route.reached,
    destinationTtl,
    rttMs: destinationRtt,
    lostShare,
    mtu: route.pathMtu,
    error,
    loop: !route.reached && hasRepeatedDevice(ttls, devices),
  };
}

/** Addresses of one node that are told apart. */
const maxIngressIndex = 30;

function ingressIndexOf(table: DeviceTable, device: number, address: string): number {
  const addresses = table.list[device]?.addresses;
  return addresses === undefined || addresses.length === 1
    ? 0
    : Math.min(maxIngressIndex, addresses.indexOf(address));
}

/** Puts one node in the place of another. */
export function replaceDevice(observation: Observation, from: number, into: number): void {
  for (const [index, device] of observation.devices.entries())
    if (device === from) observation.devices[index] = into;
}

function hasRepeatedDevice(ttls: readonly number[], devices: readonly number[]): boolean {
  for (let i = devices.length - 1; i > 0; i--) {
    const first = devices.indexOf(devices[i] as number);
    if (first < i && (ttls[i] as number) - (ttls[first] as number) >= 2) return true;
  }
  return false;
}
