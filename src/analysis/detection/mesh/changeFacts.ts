import type { Change } from '../../../model/change.ts';
import type { ChangedDevice } from '../../../model/routeChange.ts';

/**
 * The facts that two tests have in common if one cause changed both: devices and links that left,
 * devices that came, and places that only one of the routes passes. Within the AS of the
 * destination only the places: one set of its routers serves many routes in turn.
 */
export function sharedFacts(change: Change): string[] {
  const { removed, removedLinks, added } = change.evidence;
  const places = changedPlaces(change);
  return interiorAsn(change) === null
    ? [...new Set([...removed, ...removedLinks, ...added, ...places])]
    : places;
}

function changedPlaces({ routeChange }: Change): string[] {
  const before = placesOf(routeChange?.removed ?? []);
  const after = placesOf(routeChange?.added ?? []);
  const left = [...before.difference(after)].map((place) => `left ${place}`);
  const came = [...after.difference(before)].map((place) => `came ${place}`);
  return [...left, ...came];
}

function placesOf(devices: readonly ChangedDevice[]): Set<string> {
  return new Set(devices.flatMap(({ place }) => place ?? []));
}

/** The ASes of the devices that left and came. */
export function changedAsns({ routeChange }: Change): number[] {
  const devices = [...(routeChange?.removed ?? []), ...(routeChange?.added ?? [])];
  return [...new Set(devices.flatMap(({ asn }) => asn ?? []))];
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
