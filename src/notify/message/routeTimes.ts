import type { Change } from '../../model/change/change.ts';
import type { Trace } from '../../model/trace/trace.ts';
import { lowerMedian } from '../../model/values/statistics.ts';

/** ttl and median RTT of an address on a route; null without an RTT. */
export interface HopTime {
  readonly ttl: number;
  readonly rttMs: number | null;
}

/**
 * Hops by address, and the addresses at each ttl, for a router that replies from another address
 * than its known one.
 */
export interface HopTimes {
  readonly byAddress: ReadonlyMap<string, HopTime>;
  readonly byTtl: ReadonlyMap<number, readonly string[]>;
}

/** The times of the old route and of the new one. */
export interface RouteTimes {
  readonly before: HopTimes;
  readonly after: HopTimes;
}

/** Number of traces to use before a change. */
const tracesBefore = 12;

/**
 * ttl and median RTT of each hop before and after a change. `traces` are those of its test, oldest
 * first.
 */
export function routeTimes({ onset, detectedAt }: Change, traces: readonly Trace[]): RouteTimes {
  const old = traces.filter(({ startedAt }) => startedAt <= (onset.after ?? onset.by - 1));
  const current = traces.filter(
    ({ startedAt }) => startedAt >= onset.by && startedAt <= detectedAt,
  );
  return { before: hopTimes(old.slice(-tracesBefore)), after: hopTimes(current) };
}

function hopTimes(traces: readonly Trace[]): HopTimes {
  const byTtl = new Map<number, string[]>();
  const observed = new Map<string, { ttls: number[]; rttsMs: number[] }>();
  for (const { route, rttMs } of traces) {
    let index = 0;
    for (const hop of route.hops) {
      for (const address of hop.addresses) {
        const seen = observed.get(address) ?? { ttls: [], rttsMs: [] };
        observed.set(address, seen);
        seen.ttls.push(hop.ttl);
        const rtt = rttMs[index++] ?? null;
        if (rtt !== null) seen.rttsMs.push(rtt);
        byTtl.set(hop.ttl, [...new Set([...(byTtl.get(hop.ttl) ?? []), address])]);
      }
    }
  }
  const byAddress = [...observed].map(([address, { ttls, rttsMs }]): [string, HopTime] => [
    address,
    { ttl: lowerMedian(ttls) as number, rttMs: lowerMedian(rttsMs) },
  ]);
  return { byAddress: new Map(byAddress), byTtl };
}
