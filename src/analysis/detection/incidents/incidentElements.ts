import type { Change } from '../../../model/change.ts';

/** The ends of a test as host names (the same for both address families) or addresses. */
export interface TestEnds {
  readonly source: string;
  readonly destination: string;
}

/** An outage that begins so near to the source may be the fault of the source. */
const nearSourceHops = 4;
/** Weight of a shared AS or host, when the times agree. */
const looseWeight = 0.15;
/** Weight of a device next to both differences, when the times agree. */
const nearWeight = 0.36;
const nearPrefix = 'near ';
/**
 * Weight of a device on both routes where packets are lost, or limited to a lower MTU, somewhere.
 */
const onWeight = 0.1;
const onPrefix = 'on ';
const performanceClasses: readonly Change['class'][] = ['rtt_shift', 'loss', 'mtu_drop'];
const wholeRouteClasses: readonly Change['class'][] = ['loss', 'mtu_drop'];
/** The elements by which a change may belong with others. */
export interface IncidentElements {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly loose: readonly string[];
}

/**
 * The elements that a change shares with others of the same cause. An outage also names the hosts
 * at its ends.
 */
export function elementsOf(change: Change, ends: TestEnds): IncidentElements {
  const removed = [...change.evidence.removed, ...change.evidence.removedLinks];
  if (change.class === 'unreachable') {
    removed.push(`host ${ends.destination}`);
    if (reachedHops(change) <= nearSourceHops) removed.push(`host ${ends.source}`);
  }
  const loose = change.evidence.asns.map((asn) => `as ${asn}`);
  const prefix = wholeRouteClasses.includes(change.class) ? onPrefix : nearPrefix;
  for (const name of change.evidence.adjacent ?? []) loose.push(`${prefix}${name}`);
  loose.push(`host ${ends.source}`, `host ${ends.destination}`);
  return { removed: [...new Set(removed)], added: change.evidence.added, loose };
}

function reachedHops(change: Change): number {
  return change.route.filter((hop) => hop.after.length > 0).length;
}

/** The weight of a loose element in common, when the times agree. */
export function weightOf(loose: string): number {
  if (loose.startsWith(onPrefix)) return onWeight;
  return loose.startsWith(nearPrefix) ? nearWeight : looseWeight;
}

/** Whether a change concerns the route or the reachability rather than times, losses or the MTU. */
export function isRouteClass(change: { readonly class: Change['class'] }): boolean {
  return !performanceClasses.includes(change.class);
}

/** Whether a loose element is any device of a route rather than one next to the change. */
export function isOnRoute(loose: string): boolean {
  return loose.startsWith(onPrefix);
}

/** The device that a loose element names; null for an AS or a host. */
export function deviceOf(loose: string): string | null {
  const prefix = [nearPrefix, onPrefix].find((each) => loose.startsWith(each));
  return prefix === undefined ? null : loose.slice(prefix.length);
}
