import { siteSubnet } from '../../../model/addressPrefix.ts';
import { lowerQuantile, sortAscending, upperMedian } from '../../../model/statistics.ts';
import { routerDomain } from '../identity/deviceIdentity.ts';
import { type Device, type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, hasNewIngress, type Position } from './baseline.ts';
import { isUsualRtt } from './baselineStatistics.ts';

/** Neighbors more than this many ttls away say nothing about the place of a hop. */
const maxNeighborTtls = 4;
/** Until a baseline has this many traces, new addresses of its routers appear all the time. */
const matureTraces = 40;
/** Fewer answers do not show the range of times at a place. */
const minAnswers = 3;
/** A place where fewer of the traces get an answer shows no regular hop. */
const regularShare = 0.1;
/** A device that gives this share of the answers at a place is a usual one there. */
const usualShare = 0.2;
/** Hops that one renumbered link changes: one at each of its ends. */
const maxAliasTtls = 2;
/**
 * Times this far outside the range of a place still fit it: an answer may come a little faster or
 * slower.
 */
const lowTolerance = { ms: 0.5, share: 0.02 };
const highTolerance = { ms: 1, share: 0.03 };
/**
 * Share of a place's times that its usual range holds; the slowest answers come from busy routers.
 */
const highShare = 0.85;

/**
 * Finds the unknown answers that are another address of the usual device of their place: an
 * interface was renumbered, or the router answers from its loopback. An alias is an isolated hop
 * with the round-trip time of that place, between neighbors exactly where they always were, that
 * neither name nor AS contradicts. Two in a row (a renumbered link seen from both of its ends) must
 * also keep the subnet and the time to the destination.
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
    while (end + 1 < unknown.length && isConsecutive(unknown, end)) end++;
    const run = unknown.slice(start, end + 1);
    if (isAliasRun(run, observation, baseline, table)) aliases.push(...run);
    start = end + 1;
  }
  return aliases;
}

/** Whether no known answer lies between this unknown answer and the next. */
function isConsecutive(unknown: readonly number[], at: number): boolean {
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
  if (ttls.size > maxAliasTtls || (ttls.size > 1 && !isUsualRtt(baseline, observation.rttMs)))
    return false;
  if (isEnteredByNewLink(last, observation, baseline, table)) return false;
  if (
    !hasKnownNeighbor(observation, baseline, first, -1) ||
    !hasKnownNeighbor(observation, baseline, last, 1)
  )
    return false;
  return run.every((index) => isAlias(index, observation, baseline, table, ttls.size > 1));
}

/**
 * Whether the traffic now enters the next router over another link. Two things that change at one
 * time are another route, not a renumbered hop.
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

/**
 * Whether the baseline knows the next answering hop on one side, a few ttls away at most, at
 * exactly that ttl.
 */
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

/** Whether nothing regular answers behind this ttl, so that there is no neighbor to check. */
function isLastHop(baseline: Baseline, ttl: number): boolean {
  return baseline.positions.every(
    (position, at) => at <= ttl || !position || position.answered < regularShare * baseline.traces,
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
    rttMs >= (1 - lowTolerance.share) * lowMs - lowTolerance.ms &&
    rttMs <= highMs + Math.max(highTolerance.ms + highTolerance.share * highMs, highMs - medianMs)
  );
}

/** The most frequent device of a position, the destination left out; null where there is none. */
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

/** The devices that are usual at a position. */
function devicesAt(position: Position, table: DeviceTable): Device[] {
  const found: Device[] = [];
  for (const key in position.devices) {
    const device = table.list[Number(key)];
    if (device && (position.devices[key] as number) >= usualShare * position.answered)
      found.push(device);
  }
  return found;
}

/**
 * Whether one operator gives both devices names of different places. Names by two operators (an
 * exchange, a peer) prove nothing.
 */
function isInOtherPlace(a: Device, b: Device): boolean {
  return a.place !== b.place && a.place !== null && b.place !== null && isOfSameOperator(a, b);
}

/**
 * Whether names have one domain, or two of one AS: operators move to a new domain router by router.
 */
function isOfSameOperator(a: Device, b: Device): boolean {
  if (a.router === null || b.router === null) return false;
  return routerDomain(a.router) === routerDomain(b.router) || (a.asn !== null && a.asn === b.asn);
}

function isInOtherAs(a: Device, b: Device): boolean {
  return a.asn !== null && b.asn !== null && a.asn !== b.asn;
}

/**
 * Whether a hop may be the border of two networks, where an address belongs to either of them or to
 * their exchange: both direct neighbors answered, or the next answering hop on one side has the
 * same AS.
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
