import { hash } from 'node:crypto';
import type {
  HopStatistics,
  RouteVariant,
  SeriesPoint,
  TestAnalysis,
  TestSummary,
} from '../model/site/analysis.ts';
import type { Test } from '../model/test/test.ts';
import { memoize } from '../model/values/memoize.ts';
import type { TestPageInput } from './testPages.ts';

/** A type without maps and sets, which JSON would drop. */
type Plain<T> = T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
  ? never
  : T extends object
    ? { readonly [Field in keyof T]: Plain<T[Field]> }
    : T;

/** A digest of a value. Unlike `v8.serialize`, JSON writes equal numbers the same way. */
function digest<T>(value: T & Plain<T>): string {
  return hash('sha1', JSON.stringify(value), 'base64');
}

function numbersDigest(numbers: Float64Array): string {
  return hash('sha1', numbers, 'base64');
}

/**
 * Each field of a point as a number: digesting an array of numbers is four times as fast as JSON.
 */
const columnReaders: { readonly [Field in keyof SeriesPoint]: (point: SeriesPoint) => number } = {
  at: ({ at }) => at,
  variant: ({ variant }) => Number.parseInt(variant, 36),
  rttMs: ({ rttMs }) => rttMs ?? Number.NaN,
  reached: ({ reached }) => Number(reached),
  hops: ({ hops }) => hops,
  pathMtu: ({ pathMtu }) => pathMtu ?? Number.NaN,
};
const readers = Object.values(columnReaders);

function seriesDigest(series: readonly SeriesPoint[]): string {
  const numbers = new Float64Array(series.length * readers.length);
  let next = 0;
  for (const point of series) for (const read of readers) numbers[next++] = read(point);
  return numbersDigest(numbers);
}

function statisticsDigest(statistics: readonly HopStatistics[]): string {
  const texts: string[] = [];
  const all = statistics.flatMap(({ address, status, ...numbers }) => {
    texts.push(address, status);
    return Object.values<number | null>(numbers).map((number) => number ?? Number.NaN);
  });
  return digest([texts, numbersDigest(Float64Array.from(all))]);
}

function plainVariant({ probes, ...variant }: RouteVariant) {
  const counts = Array.from(probes ?? [], ([ttl, { sent, received, byAddress }]) => [
    ttl,
    sent,
    received,
    [...byAddress],
  ]);
  return { ...variant, probes: probes && counts };
}

/** A test without fields that change with every run, such as the time of the last listing. */
function stableTestFields(test: Test): Test {
  const { id, archive, key, tool, source, destination, family } = test;
  const { intervalSeconds, taskName, parameters } = test;
  const ends = { source, destination, family };
  return { id, archive, key, tool, ...ends, intervalSeconds, taskName, parameters };
}

/**
 * Digest of everything the pages may print of an analysis: all but its window, which moves with
 * every run.
 */
const analysisDigest = memoize((analysis: TestAnalysis) => {
  const { series, hopStatistics, responders, variants, periods, ...rest } = analysis;
  const routes = new Map(variants.map(({ route, letter }) => [route, letter]));
  return digest([
    { ...rest, test: stableTestFields(rest.test), window: null },
    seriesDigest(series),
    statisticsDigest(hopStatistics),
    [...responders.values()],
    variants.map(plainVariant),
    // Most periods have the route of their variant, which is already in the digest.
    periods.map((period) => ({ ...period, route: routes.get(period.route) ?? period.route })),
  ]);
}, new WeakMap());

const relatedDigest = memoize(
  (related: readonly TestSummary[]) =>
    digest(related.map((summary) => ({ ...summary, test: stableTestFields(summary.test) }))),
  new WeakMap(),
);

/** The additions of one list to another: shared entries as indexes, new ones in full. */
function additionsTo<Entry extends object>(own: Iterable<Entry>, extended: Iterable<Entry>) {
  const positions = new Map(Array.from(own, (entry, position) => [entry, position]));
  return Array.from(extended, (entry) => positions.get(entry) ?? entry);
}

/** Digest of the additions of a test's history to its analysis. */
function historyDigest(analysis: TestAnalysis, history: TestAnalysis): string {
  const { periods, variants, responders, ...rest } = history;
  const own = analysis as unknown as Record<string, unknown>;
  const isSame = Object.entries(rest).every(([field, value]) => own[field] === value);
  if (!isSame) return analysisDigest(history);
  return digest([
    additionsTo(analysis.periods, periods),
    additionsTo(analysis.variants, variants).map((entry) =>
      typeof entry === 'number' ? entry : plainVariant(entry),
    ),
    additionsTo(analysis.responders.values(), responders.values()),
  ]);
}

/**
 * Identifies the input of `testPages`: the same fingerprint means the same pages. It leaves out the
 * window and the time of the run, which the pages of a test must not print.
 */
export function testPagesFingerprint(input: TestPageInput): string {
  const {
    analysis,
    site,
    related,
    history,
    relatedAnalyses,
    changes,
    picturePaths,
    keys,
    retired,
    metrics,
    ...unexpected
  } = input;
  unexpected satisfies Record<string, never>;
  const httpArchives = [...(site.httpArchives ?? [])];
  const frame = { ...site, window: null, generatedAt: null, readAt: null, httpArchives };
  return digest([
    [analysis, ...relatedAnalyses].map(analysisDigest),
    frame,
    relatedDigest(related),
    historyDigest(analysis, history),
    changes,
    [...picturePaths],
    keys,
    retired,
    metrics,
  ]);
}
