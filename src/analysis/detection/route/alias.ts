import { lowerQuantile, sortAscending, upperMedian } from '../../../model/statistics.ts';
import { routerDomain } from '../identity/deviceIdentity.ts';
import { type Device, type DeviceTable, destinationDevice } from '../identity/devices.ts';
import { siteSubnet } from '../identity/subnet.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, hasNewIngress, type Position } from './baseline.ts';
import { isUsualRtt } from './baselineStatistics.ts';

/** Neighbours further away than this many ttls say nothing about the place of a hop. */
const maxNeighborTtls = 4;
/** Before a regime knows so many traces, new addresses of its routers turn up all the time. */
const matureTraces = 40;
/** Fewer answers do not show the range of times at a place. */
const minAnswers = 3;
/** Share of a place's times that its usual range holds; the slowest answers come from busy routers. */
const highShare = 0.85;

/**
 * Which unknown answers are another address of the usual device of their place: an interface was renumbered, or the
 * router answers from its loopback. True for isolated hops between neighbours that stand exactly where they always
 * stood, with the round-trip time of that place, and neither name nor AS to say otherwise. Two in a row (a renumbered link
 * seen from both of its ends) must in addition keep the subnet and the time to the destination.
 */
export function findAliases(
  unknown: readonly number[],
  observation: Observation,
  baseline: Baseline,
  table: DeviceTable,
): number[] {
  const aliases: number[] = [];
  for (let start = 0; start < unknown.length; ) {
    let end = start;
    while (end + 1 < unknown.length && isConsecutive(unknown, end, observation)) end++;
    const run = unknown.slice(start, end + 1);
    if (isAliasRun(run, observation, baseline, table)) aliases.push(...run);
    start = end + 1;
  }
  return aliases;
}

/** No known answer stands between this unknown answer and the next. */
function isConsecutive(unknown: readonly number[], at: number, _sighting: Observation): boolean {
  return (unknown[at + 1] as number) === (unknown[at] as number) + 1;
}

function isAliasRun(
  run: readonly number[],
  observation: Observation,
  baseline: Baseline,
  table: DeviceTable,
): boolean {
  const first = run[0] as number;
  const last = run.at(-1) as number;
  const ttls = new Set(run.map((index) => observation.ttls[index]));
  if (ttls.size > 2 || (ttls.size > 1 && !isUsualRtt(baseline, observation.rttMs))) return false;
  if (isEnteredByNewLink(last, observation, baseline, table)) return false;
  if (
    !hasKnownNeighbor(observation, baseline, first, -1) ||
    !hasKnownNeighbor(observation, baseline, last, 1)
  )
    return false;
  return run.every((index) => isAlias(index, observation, baseline, table, ttls.size > 1));
}

/**
 * The next router is entered over another link since now. Two things have changed at one time: that is another route, and
 * no renumbered hop.
 */
function isEnteredByNewLink(
  index: number,
  { devices, ingressIndexes }: Observation,
  baseline: Baseline,
  table: DeviceTable,
): boolean {
  const next = devices[index + 1];
  if (next === undefined || baseline.traces < matureTraces) return false;
  return (
    table.list[next]?.router !== null &&
    hasNewIngress(baseline, next, ingressIndexes[index + 1] as number)
  );
}

function isAlias(
  index: number,
  observation: Observation,
  baseline: Baseline,
  table: DeviceTable,
  strict: boolean,
): boolean {
  const position = baseline.positions[observation.ttls[index] as number];
  if (!position || position.answered < minAnswers) return false;
  if (!withinRange(position, observation.rttsMs[index] ?? null)) return false;
  const device = table.list[observation.devices[index] as number];
  if (!device) return false;
  return devicesAt(position, table).some(
    (usual) =>
      !isInOtherPlace(device, usual) &&
      (!isInOtherAs(device, usual) || (!strict && isAtBorder(device, index, observation, table))) &&
      (!strict || isInSameSubnet(device, usual)),
  );
}

/** The next answering hop on one side, at most `reach` ttls away, is one the regime knows at exactly that ttl. */
function hasKnownNeighbor(
  observation: Observation,
  baseline: Baseline,
  index: number,
  direction: 1 | -1,
): boolean {
  const { ttls, devices } = observation;
  const ttl = ttls[index] as number;
  let next = index + direction;
  while (ttls[next] === ttl) next += direction;
  const at = ttls[next];
  if (at === undefined) return direction === -1 ? ttl <= maxNeighborTtls : isLastHop(baseline, ttl);
  if (Math.abs(at - ttl) > maxNeighborTtls) return false;
  const device = devices[next] as number;
  if (device === destinationDevice) return baseline.endTtls[at] !== undefined;
  return baseline.positions[at]?.devices[device] !== undefined;
}

/** Nothing regular answers behind this ttl, so that no neighbour can be asked for. */
function isLastHop(baseline: Baseline, ttl: number): boolean {
  return baseline.positions.every(
    (position, at) => at <= ttl || !position || position.answered < 0.1 * baseline.traces,
  );
}

function withinRange(position: Position, rttMs: number | null): boolean {
  if (rttMs === null) return true;
  if (position.rttsMs.length < minAnswers) return false;
  const sorted = sortAscending(position.rttsMs);
  const lowMs = sorted[0] as number;
  const highMs = lowerQuantile(sorted, highShare);
  const medianMs = upperMedian(sorted) as number;
  return (
    rttMs >= lowMs * 0.98 - 0.5 && rttMs <= highMs + Math.max(1 + 0.03 * highMs, highMs - medianMs)
  );
}

/** The device whose other address this is: the most frequent one of its position. */
export function usualDevice(position: Position | null | undefined): number | null {
  let best: number | null = null;
  let maxCount = 0;
  for (const key in position?.devices ?? {}) {
    const count = position?.devices[Number(key)] ?? 0;
    if (count > maxCount && Number(key) !== destinationDevice) {
      maxCount = count;
      best = Number(key);
    }
  }
  return best;
}

/** Devices that answer in at least a fifth of the traces at a position. */
function devicesAt(position: Position, table: DeviceTable): Device[] {
  const found: Device[] = [];
  for (const key in position.devices) {
    const device = table.list[Number(key)];
    if (device && (position.devices[key] as number) >= 0.2 * position.answered) found.push(device);
  }
  return found;
}

/** One operator names both, and differently. Names of two operators (an exchange, a peer) say nothing. */
function isInOtherPlace(a: Device, b: Device): boolean {
  return a.place !== b.place && a.place !== null && b.place !== null && isOfSameOperator(a, b);
}

/** One domain, or two of one AS: operators move to a new domain router by router. */
function isOfSameOperator(a: Device, b: Device): boolean {
  if (a.router === null || b.router === null) return false;
  return routerDomain(a.router) === routerDomain(b.router) || (a.asn !== null && a.asn === b.asn);
}

function isInOtherAs(a: Device, b: Device): boolean {
  return a.asn !== null && b.asn !== null && a.asn !== b.asn;
}

/**
 * An address between two networks may belong to either, or to the exchange they meet at: both direct neighbours answered,
 * or it has the AS of the next answering hop on one side.
 */
function isAtBorder(
  device: Device,
  index: number,
  observation: Observation,
  table: DeviceTable,
): boolean {
  const { devices, ttls } = observation;
  const ttl = ttls[index] as number;
  if (ttls.includes(ttl - 1) && ttls.includes(ttl + 1)) return true;
  return [index - 1, index + 1].some((at) => table.list[devices[at] ?? -1]?.asn === device.asn);
}

function isInSameSubnet(a: Device, b: Device): boolean {
  const subnet = siteSubnet(a.addresses[0] as string);
  return b.addresses.some((address) => siteSubnet(address) === subnet);
}
