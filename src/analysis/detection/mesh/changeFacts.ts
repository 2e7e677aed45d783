import type { Change } from '../../../model/change.ts';
import type { ChangedDevice } from '../../../model/routeChange.ts';

/**
 * The facts that two tests have in common if one cause changed both: devices and links that left,
 * devices that came, and places that only one of the routes passes.
 */
export function sharedFacts({ evidence, routeChange }: Change): string[] {
  const { removed, removedLinks, added } = evidence;
  const before = placesOf(routeChange?.removed ?? []);
  const after = placesOf(routeChange?.added ?? []);
  const left = [...before.difference(after)].map((place) => `left ${place}`);
  const came = [...after.difference(before)].map((place) => `came ${place}`);
  return [...new Set([...removed, ...removedLinks, ...added, ...left, ...came])];
}

function placesOf(devices: readonly ChangedDevice[]): Set<string> {
  return new Set(devices.flatMap(({ place }) => place ?? []));
}

/**
 * The AS that a change of route does not leave, if it is the last one before the destination: its
 * operator moves traffic there as it likes. null if the change is no such one.
 */
export function interiorAsn({ routeChange, fromAsPath }: Change): number | null {
  const last = fromAsPath.at(-1);
  if (routeChange === undefined || last === undefined) return null;
  const asns = [...routeChange.removed, ...routeChange.added].flatMap(({ asn }) => asn ?? []);
  return asns.length > 0 && asns.every((asn) => asn === last) ? last : null;
}
