import type {
  NamedAnswer,
  Probes,
  Route,
  RouteHop,
  Spread,
  Trace,
} from '../../model/trace/trace.ts';
import type { HopAnswer, HopRow } from './runDocument.ts';

/** The route of a run from the first probed ttl to its end. */
export interface TracedRoute {
  readonly hops: readonly HopRow[];
  readonly reached: boolean;
  readonly pathMtu: number | null;
}

/** An answer with a known address. */
type AddressedAnswer = HopAnswer & { readonly address: string };

/** A hop, and its answers with a known address. */
interface SortedHop {
  readonly row: HopRow;
  readonly addressed: readonly AddressedAnswer[];
}

/** The trace of a run; `intern` returns one object for equal routes. */
export function createTrace(
  startedAt: number,
  traced: TracedRoute,
  intern: (route: Route) => Route,
): Trace {
  const sorted = withoutGaps(traced.hops).map((row) => ({
    row,
    addressed: row.answers.filter((answer): answer is AddressedAnswer => answer.address !== null),
  }));
  const route = intern({
    hops: sorted.map(routeHop),
    reached: traced.reached,
    pathMtu: traced.pathMtu,
  });
  const answers = sorted.flatMap(({ addressed }) => addressed);
  const rttMs = answers.map(({ bestMs }) => bestMs);
  const named = sorted.flatMap(({ row }) => namedAnswers(row));
  const trace = { startedAt, route, rttMs, probes: probesOf(sorted, answers) };
  return named.length === 0 ? trace : { ...trace, named };
}

/** Adds the ttls that the output omits as silent hops. */
function withoutGaps(rows: readonly HopRow[]): HopRow[] {
  const hops: HopRow[] = [];
  for (const row of rows) {
    for (let ttl = (hops.at(-1)?.ttl ?? row.ttl - 1) + 1; ttl < row.ttl; ttl += 1) {
      hops.push({ ttl, sent: 0, answers: [], mtu: null, error: null });
    }
    hops.push(row);
  }
  return hops;
}

function routeHop({ row: { ttl, mtu, error }, addressed }: SortedHop): RouteHop {
  return { ttl, addresses: addressed.map(({ address }) => address), mtu, error };
}

function namedAnswers({ ttl, answers }: HopRow): NamedAnswer[] {
  return answers.flatMap(({ address, name, received, bestMs, ...times }) => {
    if (address !== null || name === null) return [];
    const { avgMs, worstMs, stdevMs, jitterMs } = times;
    return [{ ttl, name, received, rttMs: bestMs, avgMs, worstMs, stdevMs, jitterMs }];
  });
}

function probesOf(sorted: readonly SortedHop[], answers: readonly HopAnswer[]): Probes | null {
  const sent = sorted.map(({ row }) => row.sent ?? -1);
  const received = answers.map((answer) => answer.received ?? -1);
  const areKnown = !sent.includes(-1) && !received.includes(-1);
  if (!areKnown || sent.every((count) => count <= 1)) return null;
  const spread = spreadOf(answers);
  return spread === null ? { sent, received } : { sent, received, spread };
}

function spreadOf(answers: readonly HopAnswer[]): Spread | null {
  const hasSpread = answers.some(({ avgMs, worstMs }) => avgMs !== null || worstMs !== null);
  if (!hasSpread) return null;
  return {
    avgMs: answers.map(({ avgMs }) => avgMs),
    worstMs: answers.map(({ worstMs }) => worstMs),
    stdevMs: answers.map(({ stdevMs }) => stdevMs),
    jitterMs: answers.map(({ jitterMs }) => jitterMs),
  };
}

/** Returns one object for equal routes. */
export function createRoutePool(): (route: Route) => Route {
  const known = new Map<string, Route>();
  return (route) => {
    const signature = JSON.stringify(route);
    const before = known.get(signature);
    if (before !== undefined) return before;
    known.set(signature, route);
    return route;
  };
}
