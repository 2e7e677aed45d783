import type { PatternHop, TestAnalysis } from '../../model/analysis.ts';
import type { NamedAnswer, Trace } from '../../model/trace.ts';

/** A hop of the route in use: what the latest trace saw there, and what its variant usually shows. */
export interface CurrentHop {
  readonly ttl: number;
  /** Answers of the latest trace; empty when silent in it, or when it ended earlier. */
  readonly addresses: readonly string[];
  /** ms, one per address. */
  readonly rttMs: readonly (number | null)[];
  readonly mtu: number | null;
  readonly error: string | null;
  /** An answer whose sender the tool named without its address; null for none. */
  readonly named: NamedAnswer | null;
  /** Everything that answered here on this variant, most frequent first. */
  readonly usual: readonly string[];
}

/** The hop of a route pattern at a ttl; patterns are contiguous. */
export function patternHop(route: readonly PatternHop[], ttl: number): PatternHop | undefined {
  return route[ttl - (route[0]?.ttl ?? 1)];
}

/** Hops of a route up to its end, those before the first ttl probed included. */
export function routeLength(route: readonly PatternHop[]): number {
  return route.at(-1)?.ttl ?? 0;
}

/**
 * The hops of the latest trace, followed by those that its variant shows beyond the last answer: in an outage the reader sees
 * what is missing. Empty without a trace.
 */
export function currentRoute({ latest, series, variants }: TestAnalysis): CurrentHop[] {
  const letter = series.at(-1)?.variant;
  const pattern = variants.find((variant) => variant.letter === letter)?.route ?? [];
  const hops = latest === null ? [] : traceHops(latest, pattern);
  const end = hops.at(-1)?.ttl ?? 0;
  for (const { ttl, addresses } of latest?.route.reached ? [] : pattern) {
    if (ttl <= end) continue;
    const silent = { addresses: [], rttMs: [], mtu: null, error: null, named: null };
    hops.push({ ttl, ...silent, usual: addresses });
  }
  return hops;
}

/** The hops of one trace; what is usual there is what a pattern of its route says, else what the trace saw. */
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
