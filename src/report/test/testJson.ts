import { roundDecimals } from '../../lib/roundDecimals.ts';
import type { MetricSeries } from '../../model/metric/metric.ts';
import type {
  HopStatistics,
  RoutePeriod,
  RouteVariant,
  TestAnalysis,
} from '../../model/site/analysis.ts';
import { publicSchemaVersion } from '../../model/site/publicSchema.ts';
import type { Endpoint, Retirement, TestKey } from '../../model/test/test.ts';
import type { RouteHop, Trace } from '../../model/trace/trace.ts';
import { isoTime } from '../../model/values/format.ts';
import { memoize } from '../../model/values/memoize.ts';
import { daySeconds } from '../../model/values/time.ts';

function endpoint({ address, name }: Endpoint): object {
  return { address, name };
}

function timeFields(name: string, at: number | null): Record<string, number | string | null> {
  return { [name]: at, [`${name}Iso`]: at === null ? null : isoTime(at) };
}

function testPart(
  { test }: TestAnalysis,
  keys: readonly TestKey[],
  retired: Retirement | null,
): object {
  return {
    id: test.id,
    archive: test.archive,
    key: test.key,
    tool: test.tool,
    source: endpoint(test.source),
    destination: endpoint(test.destination),
    family: test.family,
    intervalSeconds: test.intervalSeconds,
    taskName: test.taskName,
    parameters: test.parameters,
    keys: keys.map(({ archive, key, parameters, firstTraceAt, newestTraceAt }) => ({
      archive,
      key,
      parameters,
      ...timeFields('firstTraceAt', firstTraceAt),
      ...timeFields('lastTraceAt', newestTraceAt),
    })),
    ...timeFields('retiredAt', retired?.at ?? null),
    retiredBy: retired?.by ?? null,
  };
}

/**
 * Figures of several probes to a hop; empty for a tool that sends one. `at` is the index of an
 * address in the trace.
 */
function probesPart({ probes, named, route }: Trace, position: number, at: number | null): object {
  if (probes === null) return {};
  const sent = probes.sent[position] ?? null;
  const namedAnswer = named?.find(({ ttl }) => ttl === route.hops[position]?.ttl);
  const unaddressedReceived = namedAnswer === undefined ? 0 : namedAnswer.received;
  const received = at === null ? unaddressedReceived : (probes.received[at] ?? null);
  const { spread } = probes;
  if (spread === undefined) return { sent, received };
  const figureOf = (times: readonly (number | null)[]) =>
    at === null ? null : roundDecimals(times[at] ?? null);
  const { avgMs, worstMs, stdevMs, jitterMs } = spread;
  return {
    sent,
    received,
    avgMs: figureOf(avgMs),
    worstMs: figureOf(worstMs),
    stdevMs: figureOf(stdevMs),
    jitterMs: figureOf(jitterMs),
  };
}

/**
 * One entry per responder of the hop; a silent hop is one entry without an address. `first` is the
 * index of its first RTT.
 */
function hopEntries(
  trace: Trace,
  position: number,
  first: number,
  responders: TestAnalysis['responders'],
): object[] {
  const { rttMs, route } = trace;
  const { ttl, mtu, error, ...hop } = route.hops[position] as RouteHop;
  const addresses = hop.addresses.length === 0 ? [null] : hop.addresses;
  return addresses.map((address, nth) => {
    const responder = address === null ? undefined : responders.get(address);
    return {
      ttl,
      address,
      hostname: responder?.hostname ?? null,
      asn: responder?.asn ?? null,
      asName: responder?.asName ?? null,
      rttMs: address === null ? null : roundDecimals(rttMs[first + nth] ?? null),
      mtu,
      error,
      ...probesPart(trace, position, address === null ? null : first + nth),
    };
  });
}

function latestPart({ latest, responders }: TestAnalysis): object | null {
  if (latest === null) return null;
  const { route, startedAt } = latest;
  const hops: object[] = [];
  let index = 0;
  for (const [position, hop] of route.hops.entries()) {
    hops.push(...hopEntries(latest, position, index, responders));
    index += hop.addresses.length;
  }
  return { ...timeFields('at', startedAt), reached: route.reached, pathMtu: route.pathMtu, hops };
}

function statisticsPart(statistics: HopStatistics): object {
  const { ttl, address, samples, status } = statistics;
  return {
    ttl,
    address,
    samples,
    lastMs: roundDecimals(statistics.lastMs),
    minMs: roundDecimals(statistics.minMs),
    q1Ms: roundDecimals(statistics.q1Ms),
    medianMs: roundDecimals(statistics.medianMs),
    q3Ms: roundDecimals(statistics.q3Ms),
    maxMs: roundDecimals(statistics.maxMs),
    stdevMs: roundDecimals(statistics.stdevMs),
    thresholdMs: roundDecimals(statistics.thresholdMs),
    status,
  };
}

type JsonMemo = <T extends object>(value: T) => string;

/** Returns the JSON text of an object, made once per object: many route periods share one route. */
function createJsonMemo(): JsonMemo {
  return memoize((value: object) => JSON.stringify(value));
}

/**
 * JSON text of an object: `fields` (at least one), then `rawFields`, whose values are JSON text
 * already. An unstable test has hundreds of route periods with few different routes, and writing
 * each route once makes the file several times as fast.
 */
function rawJson(fields: object, rawFields: Readonly<Record<string, string>>): string {
  const raw = Object.entries(rawFields).map(([name, text]) => `,${JSON.stringify(name)}:${text}`);
  return `${JSON.stringify(fields).slice(0, -1)}${raw.join('')}}`;
}

/** Enough digits to show one trace among thousands. */
const shareDigits = 5;

function variantText(variant: RouteVariant, memo: JsonMemo): string {
  const { letter, traces, firstSeen, lastSeen, reached, pathMtu, route, asPath } = variant;
  return rawJson(
    {
      letter,
      traces,
      share: roundDecimals(variant.share, shareDigits),
      ...timeFields('firstSeen', firstSeen),
      ...timeFields('lastSeen', lastSeen),
      reached,
      medianRttMs: roundDecimals(variant.medianRttMs),
      pathMtu,
    },
    { route: memo(route), asPath: memo(asPath) },
  );
}

function routePeriodText(period: RoutePeriod, memo: JsonMemo): string {
  const { from, to, traces, variant, reached, route, asPath } = period;
  return rawJson(
    { ...timeFields('from', from), ...timeFields('to', to), traces, variant, reached },
    { route: memo(route), asPath: memo(asPath) },
  );
}

/** Facts of a test besides its analysis. */
interface TestJsonFacts {
  readonly keys: readonly TestKey[];
  readonly retired: Retirement | null;
  readonly metrics: readonly MetricSeries[];
}

/** Daily figures of one perfSONAR test, with the unit of its values. */
function metricPart({ type, taskName, days }: MetricSeries): object {
  const isRate = type === 'throughput';
  const digits = isRate ? 0 : undefined;
  return {
    type,
    taskName,
    unit: isRate ? 'bit/s' : 'ms',
    days: days.map(({ day, runs, failed, median, low, high, loss }) => ({
      ...timeFields('from', day * daySeconds),
      runs,
      failed,
      median: roundDecimals(median, digits),
      p5: roundDecimals(low, digits),
      p95: roundDecimals(high, digits),
      lossPct: roundDecimals(loss === null ? null : loss * 100),
    })),
  };
}

/**
 * `data/tests/<id>.json`: the test, its latest trace, the statistics of each hop, its route
 * variants, and its route periods, oldest first. It contains no data of the run, so unchanged
 * traces give the same bytes.
 */
export function testJson(
  analysis: TestAnalysis,
  { keys, retired, metrics }: TestJsonFacts,
): string {
  const memo = createJsonMemo();
  const variants = analysis.variants.map((variant) => variantText(variant, memo));
  const routePeriods = analysis.periods.map((period) => routePeriodText(period, memo));
  const text = rawJson(
    {
      schemaVersion: publicSchemaVersion,
      test: testPart(analysis, keys, retired),
      state: analysis.state,
      ...timeFields('stateSince', analysis.stateSince),
      stateReason: analysis.stateReason,
      rttMs: roundDecimals(analysis.rttMs),
      usualRttMs: roundDecimals(analysis.usualRttMs),
      ...timeFields('usualFrom', analysis.usualFrom),
      ...timeFields('usualTo', analysis.usualTo),
      lossPct: roundDecimals(analysis.lossPct),
      traces: analysis.traces,
      latest: latestPart(analysis),
      hopStatistics: analysis.hopStatistics.map(statisticsPart),
      failures: analysis.failures.map(({ at, error }) => ({ ...timeFields('at', at), error })),
      ...(metrics.length > 0 && { metrics: metrics.map(metricPart) }),
    },
    { variants: `[${variants.join(',')}]`, routePeriods: `[${routePeriods.join(',')}]` },
  );
  return `${text}\n`;
}
