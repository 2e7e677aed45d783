import {
  lastReplyingHop,
  type Responder,
  type Route,
  type RouteHop,
  type Trace,
} from '../../model/trace/trace.ts';
import {
  addDestinationAddress,
  type DeviceTable,
  destinationDevice,
  internDevice,
} from './identity/devices.ts';

/** A trace as the detection sees it: parallel lists of the answers, in ttl order. */
export interface Observation {
  readonly at: number;
  readonly ttls: readonly number[];
  readonly devices: number[];
  /** Which of its device's addresses answered: the index among them, at most `maxIngressIndex`. */
  readonly ingressIndexes: number[];
  readonly rttsMs: readonly (number | null)[];
  /** Last ttl with an answer; 0 for none. */
  readonly lastTtl: number;
  readonly reached: boolean;
  readonly destinationTtl: number | null;
  readonly rttMs: number | null;
  /**
   * Share of the probes to the destination without an answer, 0 to 1; null where the tool sends too
   * few to measure it.
   */
  readonly lostShare: number | null;
  readonly mtu: number | null;
  readonly error: string | null;
  /**
   * A device answers again two or more ttls later, and the trace does not reach the destination.
   */
  readonly loop: boolean;
  /** A device that answers at two ttls from different addresses. */
  readonly repeated: number | null;
}

/**
 * Probes to a hop that measure loss; with fewer, a miss may be chance or the destination's limit on
 * answers.
 */
const minProbesForLoss = 4;

/**
 * Translates a trace; the device table learns new addresses. `merge(from, into)`: see
 * `internDevice`.
 */
export function createObservation(
  trace: Trace,
  table: DeviceTable,
  responders: ReadonlyMap<string, Responder>,
  merge: (from: number, into: number) => void,
): Observation {
  const { route, rttMs, probes } = trace;
  learnDestination(route, table, merge);
  const ttls: number[] = [];
  const devices: number[] = [];
  const ingressIndexes: number[] = [];
  const rtts: (number | null)[] = [];
  let index = 0;
  let lastTtl = 0;
  let destinationTtl: number | null = null;
  let destinationRtt: number | null = null;
  let lostShare = 1;
  let error: string | null = null;
  let repeated: number | null = null;
  const { hops } = route;
  // Faster than an iterator; every trace of every test comes through here.
  for (let position = 0; position < hops.length; position++) {
    const hop = hops[position] as RouteHop;
    error = hop.error ?? error;
    for (const address of hop.addresses) {
      const device = internDevice(table, address, responders, merge);
      const rtt = rttMs[index++] ?? null;
      if (device === destinationDevice && route.reached) {
        destinationTtl ??= hop.ttl;
        destinationRtt ??= rtt;
        lostShare = Math.min(lostShare, unansweredShare(probes, position, index - 1));
      }
      const ingress = ingressIndexOf(table, device, address);
      if (ingress > 0 && isAtOtherTtl(ttls, devices, device, hop.ttl)) repeated = device;
      ttls.push(hop.ttl);
      devices.push(device);
      ingressIndexes.push(ingress);
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
    lostShare: measuresLoss(probes) ? lostShare : null,
    mtu: route.pathMtu,
    error,
    loop: !route.reached && hasRepeatedDevice(ttls, devices),
    repeated,
  };
}

/**
 * A route that reaches the destination ends at it, whatever address the test names: over the other
 * family, or where only a name is known, that is another one.
 */
function learnDestination(
  route: Route,
  table: DeviceTable,
  merge: (from: number, into: number) => void,
): void {
  const addresses = route.reached ? (lastReplyingHop(route)?.addresses ?? []) : [];
  const [address] = addresses;
  const isKnown = addresses.some((each) => table.byAddress.get(each) === destinationDevice);
  if (address !== undefined && !isKnown) addDestinationAddress(table, address, merge);
}

function isAtOtherTtl(
  ttls: readonly number[],
  devices: readonly number[],
  device: number,
  ttl: number,
): boolean {
  const before = devices.indexOf(device);
  return before >= 0 && ttls[before] !== ttl;
}

function measuresLoss(probes: Trace['probes']): boolean {
  return probes?.sent.some((number) => number >= minProbesForLoss) ?? false;
}

/** Share of the probes to a hop that an address left unanswered; 1 without probes. */
function unansweredShare(probes: Trace['probes'], hopIndex: number, addressIndex: number): number {
  const sent = probes?.sent[hopIndex] ?? 0;
  return sent > 0 ? Math.max(0, 1 - (probes?.received[addressIndex] ?? 0) / sent) : 1;
}

/**
 * Largest index that an address of a device can have: ingress interfaces are bits of a whole
 * number.
 */
const maxIngressIndex = 30;

function ingressIndexOf(table: DeviceTable, device: number, address: string): number {
  const addresses = table.list[device]?.addresses;
  return addresses === undefined || addresses.length === 1
    ? 0
    : Math.min(maxIngressIndex, addresses.indexOf(address));
}

/** Replaces one device by another. */
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
