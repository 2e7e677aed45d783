import type { HopStatistics, HopStatus } from '../../model/site/analysis.ts';
import type { Route, Trace } from '../../model/trace/trace.ts';
import { describeDistribution } from '../../model/values/statistics.ts';

/** The samples of one responder at one ttl, as a part of one large array. */
interface SampleSlot {
  readonly ttl: number;
  readonly address: string;
  /** Upper limit of its samples. */
  capacity: number;
  /** Where its samples begin in the array, and where the next one belongs. */
  from: number;
  to: number;
  /** Index among the addresses of the latest trace's hop; Infinity when it is not among them. */
  rank: number;
}

/** Fewer samples give no status. */
const minSamples = 5;
/** An RTT this many interquartile ranges above the upper quartile is an outlier (Tukey). */
const fenceRanges = 1.5;

/**
 * Creates the slots in ttl order, and lists those of each route's addresses, hop by hop as in
 * `rttMs`.
 */
function allocateSlots(traces: readonly Trace[]): {
  slots: SampleSlot[];
  byRoute: Map<Route, SampleSlot[]>;
} {
  const uses = new Map<Route, number>();
  for (const { route } of traces) uses.set(route, (uses.get(route) ?? 0) + 1);
  const known = new Map<number, Map<string, SampleSlot>>();
  const slotAt = (ttl: number, address: string): SampleSlot => {
    const atTtl = known.get(ttl) ?? new Map<string, SampleSlot>();
    known.set(ttl, atTtl);
    let slot = atTtl.get(address);
    if (slot === undefined) {
      const rank = Number.POSITIVE_INFINITY;
      slot = { ttl, address, capacity: 0, from: 0, to: 0, rank };
      atTtl.set(address, slot);
    }
    return slot;
  };
  const byRoute = new Map<Route, SampleSlot[]>();
  for (const [route, traceCount] of uses) {
    const own = route.hops.flatMap((hop) =>
      hop.addresses.map((address) => slotAt(hop.ttl, address)),
    );
    for (const slot of own) slot.capacity += traceCount;
    byRoute.set(route, own);
  }
  const slots = [...known.values()].flatMap((atTtl) => [...atTtl.values()]);
  return { slots: slots.sort((a, b) => a.ttl - b.ttl), byRoute };
}

/** Fills the slots with the samples of the traces, which ascend in time. */
function fillSlots(
  traces: readonly Trace[],
  slots: SampleSlot[],
  byRoute: Map<Route, SampleSlot[]>,
): Float64Array {
  let size = 0;
  for (const slot of slots) {
    slot.from = size;
    slot.to = size;
    size += slot.capacity;
  }
  const values = new Float64Array(size);
  for (const { route, rttMs } of traces) {
    const own = byRoute.get(route) ?? [];
    for (let i = 0; i < own.length; i++) {
      const rtt = rttMs[i] ?? null;
      if (rtt !== null) values[(own[i] as SampleSlot).to++] = rtt;
    }
  }
  return values;
}

function statusOf(samples: number, lastMs: number | null, thresholdMs: number): HopStatus {
  if (samples < minSamples) return 'unknown';
  return (lastMs ?? 0) > thresholdMs ? 'warn' : 'ok';
}

function summarizeSlot(
  { ttl, address, from, to }: SampleSlot,
  values: Float64Array,
): HopStatistics {
  const samples = to - from;
  const lastMs = samples === 0 ? null : (values[to - 1] as number);
  const found = describeDistribution(values.subarray(from, to).sort());
  const thresholdMs = found && found.q3 + fenceRanges * (found.q3 - found.q1);
  return {
    ttl,
    address,
    samples,
    lastMs,
    minMs: found?.min ?? null,
    q1Ms: found?.q1 ?? null,
    medianMs: found?.median ?? null,
    q3Ms: found?.q3 ?? null,
    maxMs: found?.max ?? null,
    stdevMs: found?.stdev ?? null,
    thresholdMs,
    status: statusOf(samples, lastMs, thresholdMs ?? 0),
  };
}

/**
 * RTT statistics of every responder at every ttl of the traces, which ascend in time. Only samples
 * of the same address at the same ttl belong together. Sorted by ttl; at one ttl, addresses of the
 * latest trace come first, then those with more samples.
 */
export function computeHopStatistics(traces: readonly Trace[]): HopStatistics[] {
  const { slots, byRoute } = allocateSlots(traces);
  const values = fillSlots(traces, slots, byRoute);
  const latest = traces.at(-1)?.route;
  const current = (latest && byRoute.get(latest)) ?? [];
  current.forEach((slot, index) => {
    slot.rank = index;
  });
  const compareSlots = (a: SampleSlot, b: SampleSlot): number =>
    a.ttl - b.ttl || (a.rank === b.rank ? b.to - b.from - (a.to - a.from) : a.rank - b.rank);
  return slots.sort(compareSlots).map((slot) => summarizeSlot(slot, values));
}
