import { roundDecimals } from '../../lib/roundDecimals.ts';
import type {
  HopStatistics,
  RoutePeriod,
  RouteVariant,
  TestAnalysis,
} from '../../model/analysis.ts';
import { isoTime } from '../../model/format.ts';
import { publicSchemaVersion } from '../../model/publicSchema.ts';
import type { Endpoint } from '../../model/test.ts';
import type { RouteHop, Trace } from '../../model/trace.ts';

function endpoint({ address, name }: Endpoint): object {
  return { address, name };
}

function timeFields(name: string, at: number | null): Record<string, number | string | null> {
  return { [name]: at, [`${name}Iso`]: at === null ? null : isoTime(at) };
}

function testPart({ test }: TestAnalysis): object {
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
  };
}

/** What many probes to a hop tell, `at` being the place of an address in the trace; nothing where the tool sends one. */
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
    ...{ sent, received, avgMs: figureOf(avgMs), worstMs: figureOf(worstMs) },
    ...{ stdevMs: figureOf(stdevMs), jitterMs: figureOf(jitterMs) },
  };
}

/** One entry per responder of the hop; a silent hop is one entry without an address. `first`: place of its first RTT. */
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

/** JSON text of an object, written once per object: many periods share one route. */
function createJsonMemo(): JsonMemo {
  const texts = new Map<object, string>();
  return (value) => {
    const text = texts.get(value) ?? JSON.stringify(value);
    texts.set(value, text);
    return text;
  };
}

/** One trace among thousands shows. */
const shareDigits = 5;

function variantText(variant: RouteVariant, memo: JsonMemo): string {
  const { letter, traces, firstSeen, lastSeen, reached, pathMtu } = variant;
  const share = roundDecimals(variant.share, shareDigits);
  const medianRttMs = roundDecimals(variant.medianRttMs);
  const seenTimes = { ...timeFields('firstSeen', firstSeen), ...timeFields('lastSeen', lastSeen) };
  const head = JSON.stringify({
    letter,
    traces,
    share,
    ...seenTimes,
    reached,
    medianRttMs,
    pathMtu,
  });
  return `${head.slice(0, -1)},"route":${memo(variant.route)},"asPath":${memo(variant.asPath)}}`;
}

/** Put together by hand, since an unstable test has hundreds of periods. */
function periodText(period: RoutePeriod, memo: JsonMemo): string {
  const { from, to, traces, variant, reached, route, asPath } = period;
  return (
    `{"from":${from},"fromIso":"${isoTime(from)}","to":${to},"toIso":"${isoTime(to)}",` +
    `"traces":${traces},"variant":${JSON.stringify(variant)},"reached":${reached},` +
    `"route":${memo(route)},"asPath":${memo(asPath)}}`
  );
}

/**
 * `data/tests/<id>.json`: the test, its latest trace, the statistics of each hop, its route variants, and the periods of each
 * route, oldest first. Holds nothing of the run, so that unchanged traces give the same bytes.
 */
export function testJson(analysis: TestAnalysis): string {
  const head = JSON.stringify({
    schemaVersion: publicSchemaVersion,
    test: testPart(analysis),
    state: analysis.state,
    ...timeFields('stateSince', analysis.stateSince),
    stateReason: analysis.stateReason,
    rttMs: roundDecimals(analysis.rttMs),
    usualRttMs: roundDecimals(analysis.usualRttMs),
    lossPct: roundDecimals(analysis.lossPct),
    traces: analysis.traces,
    latest: latestPart(analysis),
    hopStatistics: analysis.hopStatistics.map(statisticsPart),
    failures: analysis.failures.map(({ at, error }) => ({ ...timeFields('at', at), error })),
  });
  const memo = createJsonMemo();
  const variants = analysis.variants.map((variant) => variantText(variant, memo)).join(',');
  const periods = analysis.periods.map((period) => periodText(period, memo)).join(',');
  return `${head.slice(0, -1)},"variants":[${variants}],"routePeriods":[${periods}]}\n`;
}
