import type { Responder } from '../../../model/trace/trace.ts';
import { type DeviceIdentity, identifyDevice } from './deviceIdentity.ts';

/** A device as one test sees it: all addresses known to be one. */
export interface Device extends DeviceIdentity {
  readonly addresses: string[];
}

/**
 * The devices of one test; the id of a device is its index in `list`. The destination is always
 * device 0.
 */
export interface DeviceTable {
  readonly list: (Device | null)[];
  readonly byAddress: Map<string, number>;
  readonly byRouter: Map<string, number>;
  /** Traces in which a router name answered at two ttls from different addresses. */
  readonly repeats: Map<string, number>;
  /** Names that name no router, such as `unknown.example.net`. */
  readonly placeholders: Set<string>;
}

/** Id of the destination. */
export const destinationDevice = 0;
/** Devices that a table holds; beyond it, those that no baseline knows are pruned. */
export const deviceLimit = 600;

/** A table that holds only the destination. */
export function createDeviceTable(destination: string | null): DeviceTable {
  const address = destination ?? 'destination';
  const device: Device = {
    addresses: [address],
    router: null,
    place: null,
    asn: null,
    local: false,
  };
  return {
    list: [device],
    byAddress: new Map([[address, destinationDevice]]),
    byRouter: new Map(),
    repeats: new Map(),
    placeholders: new Set(),
  };
}

/**
 * Records that the destination answers at an address. `merge(from, into)`: see `internDevice`.
 */
export function addDestinationAddress(
  table: DeviceTable,
  address: string,
  merge: (from: number, into: number) => void,
): void {
  const known = table.byAddress.get(address);
  if (known !== undefined && known !== destinationDevice) merge(known, destinationDevice);
  if (known !== undefined) return;
  table.byAddress.set(address, destinationDevice);
  (table.list[destinationDevice] as Device).addresses.push(address);
}

/**
 * The id of the device at an address, which is added when new. An address whose router name belongs
 * to a known device joins it. Calls `merge(from, into)` when two devices turn out to be one.
 */
export function internDevice(
  table: DeviceTable,
  address: string,
  responders: ReadonlyMap<string, Responder>,
  merge: (from: number, into: number) => void,
): number {
  const known = table.byAddress.get(address);
  if (known === undefined) return addDevice(table, address, responders.get(address));
  const device = table.list[known] as Device;
  if (device.router !== null || known === destinationDevice) return known;
  return completeDevice(table, known, device, responders.get(address), merge);
}

function addDevice(table: DeviceTable, address: string, responder: Responder | undefined): number {
  const identity =
    responder === undefined ? identifyDevice(undefined, address) : identityOf(responder, table);
  const existing = identity.router === null ? undefined : table.byRouter.get(identity.router);
  if (existing !== undefined) {
    table.byAddress.set(address, existing);
    (table.list[existing] as Device).addresses.push(address);
    return existing;
  }
  const free = table.list.length < deviceLimit ? -1 : table.list.indexOf(null);
  const id = free < 0 ? table.list.length : free;
  table.list[id] = { addresses: [address], ...identity };
  table.byAddress.set(address, id);
  if (identity.router !== null) table.byRouter.set(identity.router, id);
  return id;
}

/** Identities by responder: most devices without a router name come up again in each trace. */
const identities = new WeakMap<Responder, DeviceIdentity>();

function identityOf(responder: Responder, { placeholders }: DeviceTable): DeviceIdentity {
  let identity = identities.get(responder);
  if (identity === undefined) {
    identity = identifyDevice(responder, responder.address);
    identities.set(responder, identity);
  }
  return identity.router !== null && placeholders.has(identity.router)
    ? { ...identity, router: null, place: null }
    : identity;
}

/** Completes a device that had no name or AS once a later look-up finds them. */
function completeDevice(
  table: DeviceTable,
  id: number,
  device: Device,
  responder: Responder | undefined,
  merge: (from: number, into: number) => void,
): number {
  if (responder === undefined || (responder.hostname === null && responder.asn === device.asn))
    return id;
  const identity = identityOf(responder, table);
  if (identity.router === null) {
    if (identity.asn !== null && identity.asn !== device.asn)
      table.list[id] = { ...device, ...identity };
    return id;
  }
  const existing = table.byRouter.get(identity.router);
  if (existing !== undefined && existing !== id) {
    merge(id, existing);
    return existing;
  }
  table.list[id] = { ...device, ...identity };
  table.byRouter.set(identity.router, id);
  return id;
}

/** Moves all addresses of one device to another; the first id becomes free. */
export function mergeDevices(table: DeviceTable, from: number, into: number): void {
  const removed = table.list[from];
  const remaining = table.list[into];
  if (!removed || !remaining || from === into) return;
  for (const address of removed.addresses) {
    table.byAddress.set(address, into);
    remaining.addresses.push(address);
  }
  if (removed.router !== null) table.byRouter.set(removed.router, into);
  table.list[from] = null;
}

/** A name at two ttls in so many traces, and in that share of them, is a placeholder. */
const placeholderTraces = 6;
const placeholderShare = 0.5;

/**
 * Notes that a device answered at two ttls of a trace from different addresses. `traces`: those
 * that showed it. Returns whether its name turned out to be a placeholder: its addresses are then
 * devices of their own.
 */
export function noteRepeatedName(table: DeviceTable, id: number, traces: number): boolean {
  const device = table.list[id];
  const router = device?.router ?? null;
  if (!device || router === null) return false;
  const count = (table.repeats.get(router) ?? 0) + 1;
  table.repeats.set(router, count);
  if (count < placeholderTraces || count < placeholderShare * traces) return false;
  table.repeats.delete(router);
  table.placeholders.add(router);
  for (const address of device.addresses) table.byAddress.delete(address);
  for (const [name, owner] of table.byRouter) if (owner === id) table.byRouter.delete(name);
  table.list[id] = null;
  return true;
}

/** Drops every device that `used` does not name, once there are too many. */
export function pruneDevices(table: DeviceTable, used: (id: number) => boolean): void {
  for (const [id, device] of table.list.entries()) {
    if (device === null || id === destinationDevice || used(id)) continue;
    for (const address of device.addresses) table.byAddress.delete(address);
    table.list[id] = null;
  }
  for (const [router, id] of table.byRouter)
    if (table.list[id] === null) table.byRouter.delete(router);
}
