import type { Change } from '../../../model/change/change.ts';
import type { ChangedDevice } from '../../../model/change/routeChange.ts';

/**
 * The facts that two tests have in common if one cause changed both: devices and links that left,
 * devices that came, and places that only one of the routes passes. Within the AS of the
 * destination only the places: one set of its routers serves many routes in turn.
 */
export function sharedFacts(change: Change): string[] {
  const { removed, removedLinks, added } = change.evidence;
  const { near, far } = splitDevices(change);
  const places = changedPlaces(far);
  if (interiorAsn(change) !== null) return places;
  const nearNames = new Set(near.map(({ name }) => name));
  const names = [...removed, ...added].filter((name) => !nearNames.has(name));
  return [...new Set([...names, ...removedLinks, ...places])];
}

/** The ASes of the devices that left and came. */
export function changedAsns(change: Change): number[] {
  return [...new Set(splitDevices(change).far.flatMap(({ asn }) => asn ?? []))];
}

/**
 * The AS that a change of route does not leave, if it is the last one before the destination: its
 * operator moves traffic there as it likes. null if the change is no such one.
 */
export function interiorAsn(change: Change): number | null {
  const last = change.fromAsPath.at(-1);
  const asns = changedAsns(change);
  return last !== undefined && asns.length > 0 && asns.every((asn) => asn === last) ? last : null;
}

interface MovedDevice extends ChangedDevice {
  readonly hasLeft: boolean;
}

/**
 * The devices that left and came, those of the first public AS apart: where others changed too, and
 * these are in no other place, the source's provider only hashed the flow anew.
 */
function splitDevices({ routeChange }: Change): Record<'near' | 'far', MovedDevice[]> {
  if (routeChange === undefined) return { near: [], far: [] };
  const { removed, added, firstAsn } = routeChange;
  const devices = [
    ...removed.map((device) => ({ ...device, hasLeft: true })),
    ...added.map((device) => ({ ...device, hasLeft: false })),
  ];
  const near = devices.filter(({ asn }) => asn === firstAsn);
  const far = devices.filter(({ asn }) => asn !== firstAsn);
  const isFarAway = far.some(({ asn }) => asn !== null) && changedPlaces(near).length === 0;
  return isFarAway ? { near, far } : { near: [], far: devices };
}

function changedPlaces(devices: readonly MovedDevice[]): string[] {
  const placesOf = (side: boolean) =>
    new Set(devices.flatMap(({ place, hasLeft }) => (hasLeft === side ? (place ?? []) : [])));
  const [before, after] = [placesOf(true), placesOf(false)];
  const left = [...before.difference(after)].map((place) => `left ${place}`);
  const came = [...after.difference(before)].map((place) => `came ${place}`);
  return [...left, ...came];
}
