import { type Endpoint, endpointId, type Test } from '../model/test/test.ts';
import { memoize } from '../model/values/memoize.ts';

/** Order of texts by code unit: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Longest number in a name that is compared as such. */
const longestNumber = 12;

/** A name whose numbers compare as numbers: `h2` comes before `h10`. */
const naturalKey = memoize((name: string): string =>
  name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(longestNumber, '0')),
);

/** Order of endpoints: by name without regard to case, numbers by value, then by address. */
export function compareEndpoints(a: Endpoint, b: Endpoint): number {
  return (
    compareText(naturalKey(a.name), naturalKey(b.name)) || compareText(endpointId(a), endpointId(b))
  );
}

/** Order of tests: by source, destination and family, then by id. */
export function compareTests(a: Test, b: Test): number {
  return (
    compareEndpoints(a.source, b.source) ||
    compareEndpoints(a.destination, b.destination) ||
    a.family - b.family ||
    compareText(a.id, b.id)
  );
}
