import { median, sortAscending } from '../../../model/values/statistics.ts';
import { routerDomain } from '../identity/deviceIdentity.ts';
import { type Device, type DeviceTable, destinationDevice } from '../identity/devices.ts';
import { isSamePlace } from '../identity/places.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, hasNewIngress, type Position } from './baseline.ts';
import type { ComparisonContext } from './routeDifference.ts';

/** Neighbors more than this many ttls away say nothing about the place of a hop. */
const maxNeighborTtls = 4;
/** A neighbor's AS at this distance, in answers, may be that of the hop's address. */
const borderHops = 3;
/** Until a baseline has this many traces, new addresses of its routers appear all the time. */
const matureTraces = 40;
/** A device that gives this share of the answers at a place is a usual one there. */
const usualShare = 0.2;
/** Times this close to the usual time of a place fit it: the largest of these. */
const tolerance = { ms: 1.5, share: 0.05, deviations: 4 };
/** Times this close are those of one router, whatever the AS of its address. */
const closeTolerance = { ms: 0.6, share: 0.01 };

/**
 * Whether the new devices of a comparison are other addresses of the usual ones: an interface was
 * renumbered, or a router answers from its loopback. An alias stands alone, with the time of its
 * place, in front of a hop that answers where it always did; neither name nor AS contradicts it.
 * Where the destination is silent, the last hops are aliases if all have the times and the AS of
 * their places: the network of the destination hashed the flow anew.
 */
export function areAliases(context: ComparisonContext, endMoved: boolean): boolean {
  const { traces, runs, old } = context;
  if (endMoved) return false;
  return runs.every(({ from, to }) => {
    const isEnd = traces.every(({ reached, lastTtl }) => !reached && lastTtl <= to);
    if (from !== to && !isEnd) return false;
    const isAlias = isEnd ? isAliasAtEnd : isAliasAt;
    return ttlsOf(from, to).every((ttl) => {
      const showing = traces.filter((trace) => isUnusualAt(ttl, trace, old));
      return showing.length > 0 && showing.every((trace) => isAlias(ttl, trace, context));
    });
  });
}

function ttlsOf(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, nth) => from + nth);
}

function isUnusualAt(ttl: number, { ttls, devices }: Observation, old: Baseline): boolean {
  const position = old.positions[ttl];
  return ttls.some((at, index) => at === ttl && !isUsual(position, devices[index] as number));
}

function isUsual(position: Position | null | undefined, device: number): boolean {
  return (position?.devices[device] ?? 0) >= usualShare * (position?.answered ?? 0);
}

function isAliasAt(ttl: number, trace: Observation, context: ComparisonContext): boolean {
  const { old, table } = context;
  const next = trace.ttls.findIndex((at) => at > ttl);
  if (next < 0 || !isKnownNeighbor(next, ttl, trace, old)) return false;
  if (isEnteredByNewLink(next, trace, old, table)) return false;
  const fit = fitAt(ttl, context);
  const index = trace.ttls.indexOf(ttl);
  return (
    fit !== 'none' &&
    mayBeUsualDevice(index, trace, context, (device) => {
      return hasNeighborsAs(device, index, trace, table) || fit === 'close';
    })
  );
}

function isAliasAtEnd(ttl: number, trace: Observation, context: ComparisonContext): boolean {
  const isClose = fitAt(ttl, context) === 'close';
  return isClose && mayBeUsualDevice(trace.ttls.indexOf(ttl), trace, context, () => false);
}

/**
 * Whether the device of an answer may be one of the usual devices at its ttl, by name and AS.
 * `mayBeInOtherAs`: whether that of the address may be another one.
 */
function mayBeUsualDevice(
  index: number,
  { ttls, devices }: Observation,
  { old, table }: ComparisonContext,
  mayBeInOtherAs: (device: Device) => boolean,
): boolean {
  const position = old.positions[ttls[index] as number];
  const device = table.list[devices[index] as number];
  if (!position || !device || devices[index] === destinationDevice) return false;
  return Object.keys(position.devices).some((key) => {
    const usual = table.list[Number(key)];
    if (!usual || !isUsual(position, Number(key)) || isInOtherPlace(device, usual)) return false;
    if (device.asn === null || usual.asn === null || device.asn === usual.asn) return true;
    return mayBeInOtherAs(device);
  });
}

/** Whether the next answer comes from a device that the baseline knows at exactly that ttl. */
function isKnownNeighbor(
  next: number,
  ttl: number,
  { ttls, devices }: Observation,
  old: Baseline,
): boolean {
  const at = ttls[next] as number;
  return at - ttl <= maxNeighborTtls && isUsual(old.positions[at], devices[next] as number);
}

/**
 * Whether the traffic now enters the next router over another link. Two things that change at one
 * time are another route, not a renumbered hop.
 */
function isEnteredByNewLink(
  next: number,
  { devices, ingressIndexes }: Observation,
  old: Baseline,
  table: DeviceTable,
): boolean {
  const device = devices[next] as number;
  if (old.traces < matureTraces) return false;
  return (
    table.list[device]?.router !== null &&
    hasNewIngress(old, device, ingressIndexes[next] as number)
  );
}

/** Whether the traffic enters the router behind a difference over another link. */
export function entersByNewLink({ runs, traces, old, table }: ComparisonContext): boolean {
  return runs.some(({ to }) =>
    traces.some((trace) => {
      const next = trace.ttls.findIndex((at) => at > to);
      return next >= 0 && isEnteredByNewLink(next, trace, old, table);
    }),
  );
}

/** How well the times at a ttl fit those of before; without times an alias is only possible. */
function fitAt(ttl: number, { old, traces }: ComparisonContext): 'close' | 'loose' | 'none' {
  const rttsMs = old.positions[ttl]?.rttsMs ?? [];
  const usualMs = median(rttsMs);
  const nowMs = median(traces.flatMap((trace) => trace.rttsMs[trace.ttls.indexOf(ttl)] ?? []));
  if (usualMs === null || nowMs === null) return 'loose';
  const deviationMs = median(sortAscending(rttsMs.map((ms) => Math.abs(ms - usualMs)))) as number;
  const distance = Math.abs(nowMs - usualMs);
  if (distance <= Math.max(closeTolerance.ms, closeTolerance.share * usualMs)) return 'close';
  const limit = Math.max(
    tolerance.ms,
    tolerance.share * usualMs,
    tolerance.deviations * deviationMs,
  );
  return distance <= limit ? 'loose' : 'none';
}

/**
 * Whether one operator gives both devices names of different places. Names by two operators (an
 * exchange, a peer) prove nothing.
 */
function isInOtherPlace(a: Device, b: Device): boolean {
  if (a.place === null || b.place === null || isSamePlace(a.place, b.place)) return false;
  if (a.router === null || b.router === null) return false;
  return routerDomain(a.router) === routerDomain(b.router) || (a.asn !== null && a.asn === b.asn);
}

/** Whether an address between two networks has the AS of either of them. */
function hasNeighborsAs(
  device: Device,
  index: number,
  { devices }: Observation,
  table: DeviceTable,
): boolean {
  for (let at = index - borderHops; at <= index + borderHops; at++)
    if (at !== index && table.list[devices[at] ?? -1]?.asn === device.asn) return true;
  return false;
}
