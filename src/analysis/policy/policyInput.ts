import { isLocalAddress } from '../../model/trace/addressKinds.ts';
import type { Responder, RouteHop, Trace } from '../../model/trace/trace.ts';
import type { AsPathStep } from './asPathPattern.ts';

/** The traces of a test and its usual figures, against which to evaluate a policy. */
export interface PolicyInput {
  /** Ascending; the newest 20 are enough. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  /** The usual figures of the test; null when unknown. */
  readonly usual: {
    readonly hops: number | null;
    readonly rttMs: number | null;
    readonly lossPct: number | null;
  };
}

/** A hop with the names and ASes of its responders. */
export interface PolicyHop {
  readonly ttl: number;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
  readonly asns: readonly number[];
}

/** The hops of a trace with their names and ASes. */
export function policyHops({ route }: Trace, responders: PolicyInput['responders']): PolicyHop[] {
  return route.hops.map(({ ttl, addresses }: RouteHop) => {
    const known = addresses.flatMap((address) => responders.get(address) ?? []);
    return {
      ttl,
      addresses,
      names: known.flatMap(({ hostname }) => hostname ?? []),
      asns: known.flatMap(({ address, asn }) => (isLocalAddress(address) ? [] : (asn ?? []))),
    };
  });
}

/**
 * The AS path of some hops. Silent hops and those of unknown AS make an unknown step, except
 * between two of the same AS; local addresses count for nothing.
 */
export function asPathSteps(hops: readonly PolicyHop[]): AsPathStep[] {
  const steps: AsPathStep[] = [];
  for (const { addresses, asns } of hops) {
    const asn = asns[0] ?? null;
    if (asn === null && addresses.length > 0 && addresses.every(isLocalAddress)) continue;
    if (asn === null) {
      if (steps.at(-1) !== null) steps.push(null);
      continue;
    }
    if (steps.at(-1) === null && steps.at(-2) === asn) steps.pop();
    if (steps.at(-1) !== asn) steps.push(asn);
  }
  return steps;
}

/** `hop 5 (r5.example)`. */
export function policyHopText({ ttl, addresses, names }: PolicyHop): string {
  const name = names[0] ?? addresses[0];
  return name === undefined ? `hop ${ttl}` : `hop ${ttl} (${name})`;
}
