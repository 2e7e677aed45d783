import type { RoutePeriod } from '../../model/analysis.ts';

/** How much of a stretch of alternating routes one variant had. */
interface AlternatingVariant {
  readonly letter: string;
  readonly periods: number;
  readonly traces: number;
}

/**
 * One entry of a history: a route period that stands alone (`first` equals `last`, no `variants`), or a stretch in which a
 * few routes take turns (load sharing, flapping). Indices into the periods, both included.
 */
export interface HistorySpan {
  readonly first: number;
  readonly last: number;
  /** By traces, most first; empty for a single period. */
  readonly variants: readonly AlternatingVariant[];
}

/** Shorter stretches are easier to read one by one. */
const fewestPeriods = 6;
/** A period this much longer than its variant's usual stay in the stretch stands alone. */
const longStayFactor = 4;
const longStayTraces = 12;

/** Route and reachability: an outage is a period of the same variant, yet not the same condition. */
function condition({ variant, reached }: RoutePeriod): string {
  return reached ? variant : `${variant} unreached`;
}

/** Whether the condition of each period comes back within `reach` periods, before or after. */
function recurring(periods: readonly RoutePeriod[], reach: number): boolean[] {
  const flags: boolean[] = Array(periods.length).fill(false);
  const lastIndex = new Map<string, number>();
  periods.forEach((period, index) => {
    const own = condition(period);
    const before = lastIndex.get(own);
    if (before !== undefined && index - before <= reach) {
      flags[before] = true;
      flags[index] = true;
    }
    lastIndex.set(own, index);
  });
  return flags;
}

/** Lower median of the stays, in traces, in each condition. */
function usualStays(periods: readonly RoutePeriod[]): Map<string, number> {
  const stays = Map.groupBy(periods, condition);
  return new Map(
    Array.from(stays, ([name, own]) => {
      const traces = Float64Array.from(own, (period) => period.traces).sort();
      return [name, traces[(traces.length - 1) >> 1] as number] as const;
    }),
  );
}

function alternatingVariants(periods: readonly RoutePeriod[]): AlternatingVariant[] {
  return Array.from(
    Map.groupBy(periods, (period) => period.variant),
    ([letter, own]) => ({
      letter,
      periods: own.length,
      traces: own.reduce((sum, period) => sum + period.traces, 0),
    }),
  ).sort((a, b) => b.traces - a.traces);
}

/** Splits a stretch of recurring periods at long stays; short pieces fall apart into single periods. */
function splitStretch(periods: readonly RoutePeriod[], first: number, last: number): HistorySpan[] {
  const stretch = periods.slice(first, last + 1);
  const usual = usualStays(stretch);
  const spans: HistorySpan[] = [];
  let open = first;
  const close = (end: number): void => {
    if (end - open + 1 >= fewestPeriods) {
      const variants = alternatingVariants(periods.slice(open, end + 1));
      spans.push({ first: open, last: end, variants });
    } else {
      for (let i = open; i <= end; i++) spans.push({ first: i, last: i, variants: [] });
    }
  };
  stretch.forEach((period, offset) => {
    const index = first + offset;
    const longest = longStayFactor * (usual.get(condition(period)) ?? 0);
    if (period.traces < longStayTraces || period.traces <= longest) return;
    close(index - 1);
    spans.push({ first: index, last: index, variants: [] });
    open = index + 1;
  });
  close(last);
  return spans;
}

/** The periods, oldest first, as entries of a readable history: runs of A B A B become one. */
export function historySpans(periods: readonly RoutePeriod[]): HistorySpan[] {
  const conditions = new Set(periods.map(condition)).size;
  const flags = recurring(periods, Math.min(40, Math.max(4, 2 * conditions)));
  const spans: HistorySpan[] = [];
  let start = 0;
  while (start < periods.length) {
    let end = start;
    while (end + 1 < periods.length && flags[end + 1] === flags[start]) end += 1;
    if (flags[start]) spans.push(...splitStretch(periods, start, end));
    else for (let i = start; i <= end; i++) spans.push({ first: i, last: i, variants: [] });
    start = end + 1;
  }
  return spans;
}
