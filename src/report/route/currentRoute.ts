import type { PatternHop, TestAnalysis } from '../../model/site/analysis.ts';
import type { NamedAnswer, Trace } from '../../model/trace/trace.ts';

/** A hop of the current route: the replies of the latest trace, and the usual responders. */
export interface CurrentHop {
  readonly ttl: number;
  /** Addresses in the latest trace; empty if the hop is silent or the trace ended earlier. */
  readonly addresses: readonly string[];
  /** One RTT per address, ms. */
  readonly rttMs: readonly (number | null)[];
  readonly mtu: number | null;
  readonly error: string | null;
  /** A reply from a responder that the tool reports by name without an address; null for none. */
  readonly named: NamedAnswer | null;
  /** All addresses that replied here on this variant, most frequent first. */
  readonly usual: readonly string[];
}

/** The hop of a route pattern at a TTL; patterns are contiguous. */
export function patternHop(route: readonly PatternHop[], ttl: number): PatternHop | undefined {
  return route[ttl - (route[0]?.ttl ?? 1)];
}

/** Number of hops of a route, including those before the first probed TTL. */
export function routeLength(route: readonly PatternHop[]): number {
  return route.at(-1)?.ttl ?? 0;
}

/**
 * The hops of the latest trace, followed by the hops of its variant after the last reply: in an
 * outage, the reader sees the missing part. Empty without a trace.
 */
export function currentRoute({ latest, series, variants }: TestAnalysis): CurrentHop[] {
  const letter = series.at(-1)?.variant;
  return routeHops(latest, variants.find((variant) => variant.letter === letter)?.route ?? []);
}

/** As `currentRoute`; `pattern`: the route of the variant of the latest trace. */
export function routeHops(latest: Trace | null, pattern: readonly PatternHop[]): CurrentHop[] {
  const hops = latest === null ? [] : traceHops(latest, pattern);
  const end = hops.at(-1)?.ttl ?? 0;
  for (const { ttl, addresses } of latest?.route.reached ? [] : pattern) {
    if (ttl <= end) continue;
    const silent = { addresses: [], rttMs: [], mtu: null, error: null, named: null };
    hops.push({ ttl, ...silent, usual: addresses });
  }
  return hops;
}

/**
 * The hops of one trace. Usual responders come from the pattern of its route, else from the trace.
 */
export function traceHops(trace: Trace, pattern: readonly PatternHop[] = []): CurrentHop[] {
  let index = 0;
  return trace.route.hops.map(({ ttl, addresses, mtu, error }) => {
    const rttMs = trace.rttMs.slice(index, index + addresses.length);
    index += addresses.length;
    const usual = patternHop(pattern, ttl)?.addresses ?? addresses;
    const named = trace.named?.find((answer) => answer.ttl === ttl) ?? null;
    return { ttl, addresses, rttMs, mtu, error, named, usual };
  });
}
