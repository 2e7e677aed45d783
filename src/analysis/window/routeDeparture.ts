import type { RouteVariant } from '../../model/analysis.ts';
import { estimatedChance } from '../../model/statistics.ts';
import type { Interval } from '../../model/trace.ts';
import type { TraceStep } from './traceSteps.ts';

/** Since which step the test is off its usual route, and which route was usual before. */
export interface RouteDeparture {
  readonly from: number;
  readonly usual: RouteVariant;
  readonly current: RouteVariant;
}

/** Fewer traces tell nothing about what is usual. */
const minTracesBefore = 6;
/** So improbable must the traces since be as random picks from the routes before. */
const maxChance = 1e-3;
/** A route with at least this share of the traces before is one of the usual ones. */
const usualShare = 0.2;
/** What has held for a day is the usual route. */
const maxDepartureSeconds = 86_400;

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

/** Steps from which on only variants occur that were never seen before; the earliest first. */
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

/** Start of the run of the last step's variant. */
function lastRunStart(steps: readonly TraceStep[]): number {
  const variant = steps.at(-1)?.variant;
  return steps.findLastIndex((step) => step.variant !== variant) + 1;
}

/** Whether the variants since bring an AS that no variant before had. */
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
  if (since < (bringNewAs(steps, from, variants) ? 2 : 3)) return null;
  if (probability >= usualShare || probability ** since > maxChance) return null;
  return {
    from,
    usual: variants[usual.index] as RouteVariant,
    current: variants[current] as RouteVariant,
  };
}

/**
 * Whether the last traces are off the usual route, and since when. They are when at least three of them in a row (two if all
 * bring an AS never seen before) show variants new to the window, or one that was rare in it, and that is improbable
 * as a random pick from the traces before: load sharing that is still being learned keeps producing variants seen once, which
 * makes one more of them probable (Good and Turing). What has held for a day or half of the window is usual.
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
