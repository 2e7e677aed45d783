import type { PatternHop, TestAnalysis, TestSummary } from '../../model/site/analysis.ts';
import type { RouteHop } from '../../model/trace/trace.ts';
import { type AsnOf, asnLookup, hopAsn } from './asPath.ts';
import { destinationHopIndex } from './routeShape.ts';
import { resolveDestination } from './traceSteps.ts';

/**
 * The hops of the latest trace, with the destination moved back to its usual ttl when its answer
 * was late.
 */
function currentHops({ latest, hops, test }: TestAnalysis): readonly RouteHop[] {
  if (latest === null || hops === null) return [];
  const { route } = latest;
  const end = destinationHopIndex(route, resolveDestination(test.destination.address, [latest]));
  const destination = route.hops[end];
  if (destination === undefined) return route.hops.filter(({ ttl }) => ttl <= hops);
  return [...route.hops.filter(({ ttl }) => ttl < hops), { ...destination, ttl: hops }];
}

/**
 * Start of the run of periods on the newest variant, epoch seconds; null when it began with the
 * window.
 */
function lastRouteChange({ periods }: TestAnalysis): number | null {
  const current = periods.at(-1)?.variant;
  const before = periods.findLastIndex(({ variant }) => variant !== current);
  return before < 0 ? null : (periods[before + 1]?.from ?? null);
}

/** Creates the hops of summarized routes. */
type HopFactory = (hop: RouteHop, asnOf: AsnOf) => PatternHop;

/**
 * Interns hops that only one address answers: the tests of a mesh have few routers in common, many
 * times each.
 */
export function createHopInterner(): HopFactory {
  const known = new Map<string, PatternHop[]>();
  return ({ ttl, addresses }, asnOf) => {
    const [only] = addresses;
    const asn = hopAsn(addresses, asnOf);
    if (only === undefined || addresses.length > 1) return { ttl, addresses, asn };
    const sameAddress = known.get(only);
    const shared = sameAddress?.find((hop) => hop.ttl === ttl && hop.asn === asn);
    if (shared !== undefined) return shared;
    const hop = { ttl, addresses, asn };
    if (sameAddress === undefined) known.set(only, [hop]);
    else sameAddress.push(hop);
    return hop;
  };
}

/**
 * Summarizes a test for the mesh pages, without its series. `hopFactory`: one for all tests of a
 * mesh.
 */
export function summarizeTest(
  analysis: TestAnalysis,
  hopFactory: HopFactory = createHopInterner(),
): TestSummary {
  const { latest } = analysis;
  const asnOf = asnLookup(analysis.responders);
  // Results of two hosts are no route of either.
  const hops = analysis.state === 'untested' ? [] : currentHops(analysis);
  const route = hops.map((hop) => hopFactory(hop, asnOf));
  return {
    test: analysis.test,
    state: analysis.state,
    stateSince: analysis.stateSince,
    stateReason: analysis.stateReason,
    rttMs: analysis.rttMs,
    usualRttMs: analysis.usualRttMs,
    usualFrom: analysis.usualFrom,
    usualTo: analysis.usualTo,
    lossPct: analysis.lossPct,
    hops: analysis.hops,
    pathMtu: latest?.route.pathMtu ?? null,
    asPath: analysis.asPath,
    reached: latest?.route.reached ?? null,
    lastTraceAt: analysis.lastTraceAt,
    lastRouteChangeAt: lastRouteChange(analysis),
    variants: analysis.variants.length,
    traces: analysis.traces,
    route,
  };
}
