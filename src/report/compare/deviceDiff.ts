import type { PatternHop } from '../../model/site/analysis.ts';
import { pluralize } from '../../model/values/format.ts';
import type { ResponderLookup } from '../responderText.ts';
import { type DiffRow, routeDiff } from '../route/routeDiff.ts';

/** A hop with device names in place of addresses. */
interface DeviceHop extends PatternHop {
  readonly hop: PatternHop;
}

/**
 * Aligns the routes of two tests by device. Addresses differ between directions and families, so
 * the host name without its interface label identifies a router.
 */
export function alignByDevice(
  left: readonly PatternHop[],
  right: readonly PatternHop[],
  responders: ResponderLookup,
): DiffRow[] {
  const toDeviceHop = (hop: PatternHop): DeviceHop => {
    const addresses = hop.addresses.map((each) => deviceName(each, responders));
    return { ttl: hop.ttl, asn: hop.asn, addresses, hop };
  };
  return routeDiff(left.map(toDeviceHop), right.map(toDeviceHop)).rows.map((row) => ({
    mark: row.mark,
    left: row.left?.hop ?? null,
    right: row.right?.hop ?? null,
  }));
}

/**
 * Removes the interface label: `cr1.osl.example.net` for `ae0.cr1.osl.example.net`. A name of three
 * labels stays; without a name, returns the address.
 */
function deviceName(address: string, responders: ResponderLookup): string {
  const hostname = responders.get(address)?.hostname ?? address;
  if (hostname === address) return address;
  const long = hostname.split('.', 4).length > 3;
  return long ? hostname.slice(hostname.indexOf('.') + 1) : hostname;
}

/** How many hops differ, in a sentence. */
export function deviceDiffSummary(rows: readonly DiffRow[]): string {
  const different = rows.filter(({ mark }) => mark !== '=').length;
  return different === 0
    ? 'Same routers, as far as they reply and have names.'
    : `${pluralize(different, 'hop')} of ${rows.length} have no counterpart of the same name.`;
}
