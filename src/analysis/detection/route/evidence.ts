import type { AlignedHop, Change, Evidence } from '../../../model/change/change.ts';
import { linkSubnet } from '../../../model/trace/addressPrefix.ts';
import { asPathOf } from '../../window/asPath.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { alignHops, type HopSet } from './alignHops.ts';
import { type Baseline, isIrregular } from './baseline.ts';

/** A device that gives a smaller share of the answers at a ttl is not shown there. */
const memberShare = 0.15;
/** Links of one device that evidence names: a device may have hundreds of addresses. */
const maxLinks = 4;

/**
 * Name of a device for comparing tests: its router name, else its first address. Local addresses
 * have none.
 */
export function deviceName(table: DeviceTable, device: number): string | null {
  const known = table.list[device];
  if (!known || known.local || device === destinationDevice) return null;
  return known.router ?? known.addresses[0] ?? null;
}

/** Names of several devices, each once. */
function deviceNames(table: DeviceTable, devices: readonly number[]): string[] {
  return [...new Set(devices.flatMap((device) => deviceName(table, device) ?? []))];
}

/** The devices and links that left and came, for comparing tests. The alignment adds the edge. */
export function buildEvidence(
  table: DeviceTable,
  removed: readonly number[],
  added: readonly number[],
): Evidence {
  const asns = [...removed, ...added].flatMap((device) => table.list[device]?.asn ?? []);
  return {
    removed: deviceNames(table, removed),
    added: deviceNames(table, added),
    removedLinks: linksOf(table, removed),
    asns: [...new Set(asns)],
    edge: null,
  };
}

/** Link subnets of several devices: /30 of IPv4, /64 of IPv6, which both ends of a link share. */
function linksOf(table: DeviceTable, devices: readonly number[]): string[] {
  const links = new Set<string>();
  for (const id of devices) {
    const device = table.list[id];
    if (!device || device.local || id === destinationDevice) continue;
    for (const address of device.addresses.slice(0, maxLinks)) links.add(linkSubnet(address));
  }
  return [...links];
}

/**
 * A baseline as a list of hops: at every ttl the devices that are a regular part of it, by address.
 */
export function baselineHops(baseline: Baseline, table: DeviceTable): HopSet[] {
  const hops: HopSet[] = [];
  for (let ttl = 1; ttl < baseline.positions.length; ttl++) {
    const position = baseline.positions[ttl];
    hops.push(position ? membersOf(position.devices, position.answered, baseline, table) : []);
  }
  return trimSilentEnd(hops);
}

function membersOf(
  devices: Readonly<Record<number, number>>,
  answered: number,
  baseline: Baseline,
  table: DeviceTable,
): string[] {
  return Object.keys(devices)
    .map(Number)
    .filter(
      (device) =>
        (devices[device] as number) >= memberShare * answered && !isIrregular(baseline, device),
    )
    .sort((a, b) => (devices[b] as number) - (devices[a] as number))
    .flatMap((device) => table.list[device]?.addresses[0] ?? []);
}

/** Several traces as one list of hops. */
export function observedHops(observations: readonly Observation[], table: DeviceTable): HopSet[] {
  const hops: string[][] = [];
  for (const { ttls, devices } of observations) {
    for (const [index, ttl] of ttls.entries()) {
      while (hops.length < ttl) hops.push([]);
      const address = table.list[devices[index] as number]?.addresses[0];
      const hop = hops[ttl - 1] as string[];
      if (address !== undefined && !hop.includes(address)) hop.push(address);
    }
  }
  return trimSilentEnd(hops);
}

function trimSilentEnd(hops: HopSet[]): HopSet[] {
  while (hops.length > 0 && hops.at(-1)?.length === 0) hops.pop();
  return hops;
}

/** AS numbers along a list of hops: equal neighbors merged, unknown ones left out. */
export function asPathOfHops(hops: readonly HopSet[], table: DeviceTable): number[] {
  return asPathOf(
    hops.map(([address = '']) => {
      const device = table.byAddress.get(address) ?? -1;
      return { asn: table.list[device]?.asn ?? null };
    }),
  );
}

/**
 * The lines of a comparison, the edge at which the traffic leaves the old route, and the devices on
 * both sides of the difference.
 */
export function compareRoutes(
  before: readonly HopSet[],
  after: readonly HopSet[],
  table: DeviceTable,
): { route: Change['route']; edge: Evidence['edge']; adjacent: readonly string[] } {
  const route = alignHops(before, after);
  const adjacent = adjacentDevices(route, table);
  const first = route.findIndex((hop) => hop.mark === 'removed' || hop.mark === 'replaced');
  const last = route.slice(0, first).findLast((hop) => hop.mark === 'same');
  if (first < 0 || last === undefined) return { route, edge: null, adjacent };
  const from = nameOf(last.after[0], table);
  const to = nameOf(route[first]?.before[0], table);
  return { route, edge: from !== null && to !== null ? [from, to] : null, adjacent };
}

/**
 * The last device before the first difference and the first one behind the last; an additional
 * silent hop is a difference too.
 */
function adjacentDevices(route: Change['route'], table: DeviceTable): string[] {
  const first = route.findIndex(isDifferent);
  if (first < 0) return [];
  const last = route.findLastIndex(isDifferent);
  const front = route.slice(0, first).findLast((hop) => hop.mark === 'same');
  const behind = route.slice(last + 1).find((hop) => hop.mark === 'same');
  return [front, behind].flatMap((hop) => nameOf(hop?.after[0], table) ?? []);
}

function isDifferent({ mark, ttls }: AlignedHop): boolean {
  return mark === 'silent' ? ttls?.includes(null) === true : mark !== 'same';
}

function nameOf(address: string | undefined, table: DeviceTable): string | null {
  const device = address === undefined ? undefined : table.byAddress.get(address);
  return device === undefined ? null : deviceName(table, device);
}
