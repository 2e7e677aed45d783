import type { RouteVariant } from '../../model/analysis.ts';
import { estimatedChance } from '../../model/statistics.ts';
import { daySeconds } from '../../model/time.ts';
import type { Interval } from '../../model/trace.ts';
import type { TraceStep } from './traceSteps.ts';

/** A departure from the usual route: since which step, and from which route to which. */
export interface RouteDeparture {
  readonly from: number;
  readonly usual: RouteVariant;
  readonly current: RouteVariant;
}

/** Fewer traces do not show the usual route. */
const minTracesBefore = 6;
/** Traces in a row that a departure needs: fewer when they bring a new AS. */
const minTraces = { newAs: 2, sameAs: 3 };
/** The later traces must be this improbable as random picks from the earlier routes. */
const maxChance = 1e-3;
/** A route with at least this share of the earlier traces is one of the usual ones. */
const usualShare = 0.2;
/** A route that has held for a day is the usual one. */
const maxDepartureSeconds = daySeconds;

interface VariantCount {
  readonly index: number;
  readonly traces: number;
}

function countVariants(steps: readonly TraceStep[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { variant } of steps) counts.set(variant, (counts.get(variant) ?? 0) + 1);
  return counts;
}

function mostUsed(counts: ReadonlyMap<number, number>): VariantCount {
  let best: VariantCount = { index: -1, traces: 0 };
  for (const [index, traces] of counts) if (traces > best.traces) best = { index, traces };
  return best;
}

/** The steps from which on only new variants occur, the earliest first. */
function newVariantStarts(steps: readonly TraceStep[]): number[] {
  const starts: number[] = [];
  const firsts = new Map<number, number>();
  steps.forEach(({ variant }, index) => {
    if (!firsts.has(variant)) firsts.set(variant, index);
  });
  let oldest = steps.length;
  for (let i = steps.length - 1; i > 0; i--) {
    oldest = Math.min(oldest, firsts.get((steps[i] as TraceStep).variant) ?? 0);
    if (oldest === i) starts.unshift(i);
  }
  return starts;
}

/** The first step of the last variant's run. */
function lastRunStart(steps: readonly TraceStep[]): number {
  const variant = steps.at(-1)?.variant;
  return steps.findLastIndex((step) => step.variant !== variant) + 1;
}

/** Whether every variant since then brings an AS that no earlier variant had. */
function bringNewAs(
  steps: readonly TraceStep[],
  from: number,
  variants: readonly RouteVariant[],
): boolean {
  const known = new Set<number>();
  for (const number of countVariants(steps.slice(0, from)).keys()) {
    for (const asn of variants[number]?.asPath ?? []) known.add(asn);
  }
  return steps
    .slice(from)
    .every(({ variant }) => variants[variant]?.asPath.some((asn) => !known.has(asn)));
}

function evaluateDeparture(
  steps: readonly TraceStep[],
  from: number,
  variants: readonly RouteVariant[],
): RouteDeparture | null {
  if (from < minTracesBefore) return null;
  const current = (steps.at(-1) as TraceStep).variant;
  const counts = countVariants(steps.slice(0, from));
  const usual = mostUsed(counts);
  if (usual.index === current) return null;
  const seenOnce = counts.values().reduce((sum, traces) => sum + (traces === 1 ? 1 : 0), 0);
  const probability = estimatedChance(counts.get(current) ?? seenOnce, from);
  const since = steps.length - from;
  if (since < (bringNewAs(steps, from, variants) ? minTraces.newAs : minTraces.sameAs)) return null;
  if (probability >= usualShare || probability ** since > maxChance) return null;
  return {
    from,
    usual: variants[usual.index] as RouteVariant,
    current: variants[current] as RouteVariant,
  };
}

/**
 * Finds out whether the last traces are off the usual route, and since when. They are when at least
 * three in a row (two if all bring a new AS) show variants that are new to the window or were rare
 * in it, and that is improbable as a random pick from the earlier traces. Load balancing that is
 * still being learned keeps producing variants seen once, which makes one more of them probable
 * (Good-Turing). A route that has held for a day or half of the window is usual.
 */
export function findDeparture(
  steps: readonly TraceStep[],
  variants: readonly RouteVariant[],
  window: Interval,
): RouteDeparture | null {
  const last = steps.at(-1);
  if (last === undefined || variants.length < 2) return null;
  const maxAgeSeconds = Math.min(maxDepartureSeconds, (window.to - window.from) / 2);
  const starts = new Set([...newVariantStarts(steps), lastRunStart(steps)]);
  for (const from of starts) {
    if (last.at - (steps[from] as TraceStep).at >= maxAgeSeconds) continue;
    const found = evaluateDeparture(steps, from, variants);
    if (found !== null) return found;
  }
  return null;
}
