import type { AlignedHop, HopMark } from '../model/change.ts';

/** A hop as a set of names or addresses; empty for silence. */
export type HopSet = readonly string[];

/** Cost of a hop that one route has and the other has not. Less within silence, where nobody knows. */
const gapCost = 1;
const silentGapCost = 0.2;

/**
 * Aligns two routes hop by hop (Needleman-Wunsch): equal where the sets share a member, free against silence. A hop that was
 * inserted costs one step, not the rest of the route. The first hop of either list stands at ttl 1.
 */
export function alignRoutes(before: readonly HopSet[], after: readonly HopSet[]): AlignedHop[] {
  const costs = costTable(before, after);
  const hops: AlignedHop[] = [];
  let i = before.length;
  let j = after.length;
  while (i > 0 || j > 0) {
    const here = costs[i]?.[j] as number;
    const left = before[i - 1];
    const right = after[j - 1];
    if (
      left &&
      right &&
      isNearlyEqual(here, (costs[i - 1]?.[j - 1] ?? 0) + matchCost(left, right))
    ) {
      hops.push({ mark: markOf(left, right), before: left, after: right, ttls: [i, j] });
      i--;
      j--;
    } else if (left && isNearlyEqual(here, (costs[i - 1]?.[j] ?? 0) + gapCostOf(left))) {
      const mark = left.length === 0 ? 'silent' : 'removed';
      hops.push({ mark, before: left, after: [], ttls: [i, null] });
      i--;
    } else {
      const added = right ?? [];
      const mark = added.length === 0 ? 'silent' : 'added';
      hops.push({ mark, before: [], after: added, ttls: [null, j] });
      j--;
    }
  }
  return hops.reverse();
}

/** Sum of the alignment's costs: 0 for routes that are the same as far as they answered. */
export function alignmentCost(before: readonly HopSet[], after: readonly HopSet[]): number {
  return costTable(before, after)[before.length]?.[after.length] ?? 0;
}

function costTable(before: readonly HopSet[], after: readonly HopSet[]): number[][] {
  const costs: number[][] = [];
  for (let i = 0; i <= before.length; i++) {
    const row: number[] = [];
    for (let j = 0; j <= after.length; j++) row.push(cheapest(costs, row, i, j, before, after));
    costs.push(row);
  }
  return costs;
}

function cheapest(
  costs: readonly number[][],
  row: readonly number[],
  i: number,
  j: number,
  before: readonly HopSet[],
  after: readonly HopSet[],
): number {
  if (i === 0 && j === 0) return 0;
  const left = before[i - 1];
  const right = after[j - 1];
  const choices: number[] = [];
  if (left && right) choices.push((costs[i - 1]?.[j - 1] ?? 0) + matchCost(left, right));
  if (left) choices.push((costs[i - 1]?.[j] ?? 0) + gapCostOf(left));
  if (right) choices.push((row[j - 1] ?? 0) + gapCostOf(right));
  return Math.min(...choices);
}

function matchCost(left: HopSet, right: HopSet): number {
  if (left.length === 0 || right.length === 0) return 0;
  return left.some((member) => right.includes(member)) ? 0 : gapCost;
}

function gapCostOf(hop: HopSet): number {
  return hop.length === 0 ? silentGapCost : gapCost;
}

function markOf(left: HopSet, right: HopSet): HopMark {
  if (left.length === 0 && right.length === 0) return 'silent';
  return matchCost(left, right) === 0 ? 'same' : 'replaced';
}

function isNearlyEqual(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}
