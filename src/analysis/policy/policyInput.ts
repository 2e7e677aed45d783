import type { Responder, RouteHop, Trace } from '../../model/trace.ts';
import type { AsPathStep } from './asPathPattern.ts';

/** What is known of a test when its policy is looked at. */
export interface PolicyInput {
  /** Ascending; the newest 20 are enough. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  /** What is usual for the test; null when unknown. */
  readonly usual: {
    readonly hops: number | null;
    readonly rttMs: number | null;
    readonly lossPct: number | null;
  };
}

/** A hop with what is known of whoever answered there first. */
export interface PolicyHop {
  readonly ttl: number;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
  readonly asns: readonly number[];
}

/** Addresses without a place in the Internet: what answers from one has no AS. */
const privateAddress =
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/;

/** The hops of a trace with their names and ASes. */
export function policyHops({ route }: Trace, responders: PolicyInput['responders']): PolicyHop[] {
  return route.hops.map(({ ttl, addresses }: RouteHop) => {
    const known = addresses.flatMap((address) => responders.get(address) ?? []);
    return {
      ttl,
      addresses,
      names: known.flatMap(({ hostname }) => hostname ?? []),
      asns: known.flatMap(({ address, asn }) => (isPrivate(address) ? [] : (asn ?? []))),
    };
  });
}

function isPrivate(address: string): boolean {
  return privateAddress.test(address);
}

/**
 * The AS path of some hops. Where hops stay silent or their AS is unknown, an unknown step, except between two of the same AS;
 * private addresses count for nothing.
 */
export function asPathSteps(hops: readonly PolicyHop[]): AsPathStep[] {
  const steps: AsPathStep[] = [];
  for (const { addresses, asns } of hops) {
    const asn = asns[0] ?? null;
    if (asn === null && addresses.length > 0 && addresses.every(isPrivate)) continue;
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
