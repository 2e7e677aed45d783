import type {
  HopStatistics,
  PatternHop,
  RouteVariant,
  TestAnalysis,
} from '../../model/site/analysis.ts';
import type { Test } from '../../model/test/test.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import { formatDuration, pluralize } from '../../model/values/format.ts';
import { currentRoute, routeLength } from '../route/currentRoute.ts';
import { type HopLoss, hopLoss } from '../route/hopLoss.ts';
import type { RouteSummary } from './routeSummary.ts';

/** A route of the window with the figures of its row. */
export interface VariantFigures
  extends Pick<
    RouteVariant,
    | 'letter'
    | 'reached'
    | 'share'
    | 'traces'
    | 'firstSeen'
    | 'lastSeen'
    | 'medianRttMs'
    | 'pathMtu'
    | 'asPath'
  > {
  readonly hops: number;
}

/**
 * The values on the pages of a test that each trace changes, as plain data. The pages are drawn
 * from them, and so are the newer values that their scripts show in place.
 */
export interface LatestValues {
  readonly summary: RouteSummary | null;
  /** Sentences with figures that explain the state. */
  readonly reason: string;
  /** `144 traces over 23 h 50 min`. */
  readonly shown: string;
  /** Start of the newest trace, also one before the window, epoch seconds; null for none. */
  readonly newestAt: number | null;
  readonly test: Pick<Test, 'tool' | 'archive' | 'intervalSeconds'> & {
    readonly source: { readonly name: string };
    readonly destination: { readonly name: string };
  };
  readonly latest: Trace | null;
  /** The route of the variant that the latest trace took. */
  readonly pattern: readonly PatternHop[];
  /** Loss of each hop of the current route. */
  readonly losses: readonly HopLoss[];
  readonly statistics: readonly HopStatistics[];
  /** Those of the current route and of the statistics. */
  readonly responders: readonly Responder[];
  /** The variants of the window, largest share first. */
  readonly variants: readonly VariantFigures[];
  /** Start of the oldest trace of the window, epoch seconds; 0 for none. */
  readonly oldestAt: number;
  /** Failed measurements of the window, epoch seconds. */
  readonly failedAt: readonly number[];
}

/** Variants beyond this number are so rare that only the JSON file lists them. */
export const maxVariants = 30;

/** The latest values of an analysis; `summary` from `routeSummary`. */
export function latestValues(analysis: TestAnalysis, summary: RouteSummary | null): LatestValues {
  const { test, latest, series, variants, hopStatistics, failures } = analysis;
  const hops = currentRoute(analysis);
  const byTtl = Map.groupBy(hopStatistics, ({ ttl }) => ttl);
  const current = series.at(-1)?.variant;
  const addresses = new Set([
    ...hopStatistics.map(({ address }) => address),
    ...hops.flatMap((hop) => [...hop.addresses, ...hop.usual]),
  ]);
  const { tool, archive, intervalSeconds, source, destination } = test;
  return {
    summary,
    reason: analysis.stateReason,
    shown: shownText(analysis),
    newestAt: analysis.lastTraceAt,
    test: {
      tool,
      archive,
      intervalSeconds,
      source: { name: source.name },
      destination: { name: destination.name },
    },
    latest,
    pattern: variants.find(({ letter }) => letter === current)?.route ?? [],
    losses: hopLoss(analysis, hops, byTtl),
    statistics: hopStatistics,
    responders: [...addresses].flatMap((address) => analysis.responders.get(address) ?? []),
    variants: variants
      .filter(({ share }) => share > 0)
      .slice(0, maxVariants)
      .map(variantFigures),
    oldestAt: series[0]?.at ?? 0,
    failedAt: failures.map(({ at }) => at),
  };
}

function shownText({ traces, series }: TestAnalysis): string {
  const span = (series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0);
  return `${pluralize(traces, 'trace')}${span > 0 ? ` over ${formatDuration(span)}` : ''}`;
}

function variantFigures({
  letter,
  reached,
  share,
  traces,
  firstSeen,
  lastSeen,
  medianRttMs,
  pathMtu,
  asPath,
  route,
}: RouteVariant): VariantFigures {
  return {
    letter,
    reached,
    share,
    traces,
    firstSeen,
    lastSeen,
    medianRttMs,
    pathMtu,
    asPath,
    hops: routeLength(route),
  };
}
