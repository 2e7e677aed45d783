/** Costs of the steps of an alignment; the cheapest total wins. */
export interface AlignmentCosts<T> {
  /** Cost of putting two items side by side; 0 for equal items. */
  substitution(left: T, right: T): number;
  /** Cost of leaving an item without a partner. */
  gap(item: T): number;
}

/** One line of an alignment; null for a side without an item, never on both sides. */
export interface AlignedPair<T> {
  readonly left: T | null;
  readonly right: T | null;
}

/**
 * Needleman-Wunsch alignment of two short sequences. Among equal costs, it prefers pairs to gaps;
 * of neighboring gaps, left items come first. Time and memory are proportional to the product of
 * the lengths.
 */
export function align<T>(
  left: readonly T[],
  right: readonly T[],
  costs: AlignmentCosts<T>,
): AlignedPair<T>[] {
  const width = right.length + 1;
  const total = totalCosts(left, right, costs);
  const pairs: AlignedPair<T>[] = [];
  let i = left.length;
  let j = right.length;
  while (i > 0 || j > 0) {
    const a = left[i - 1];
    const b = right[j - 1];
    const cost = total[i * width + j] as number;
    if (
      a !== undefined &&
      b !== undefined &&
      cost === (total[(i - 1) * width + j - 1] as number) + costs.substitution(a, b)
    ) {
      pairs.push({ left: a, right: b });
      i -= 1;
      j -= 1;
    } else if (
      b !== undefined &&
      (a === undefined || cost === (total[i * width + j - 1] as number) + costs.gap(b))
    ) {
      pairs.push({ left: null, right: b });
      j -= 1;
    } else {
      pairs.push({ left: a as T, right: null });
      i -= 1;
    }
  }
  return pairs.reverse();
}

/** The lowest cost of every pair of prefixes, row by row. */
function totalCosts<T>(
  left: readonly T[],
  right: readonly T[],
  costs: AlignmentCosts<T>,
): number[] {
  const width = right.length + 1;
  const total = Array<number>((left.length + 1) * width).fill(0);
  right.forEach((b, j) => {
    total[j + 1] = (total[j] as number) + costs.gap(b);
  });
  left.forEach((a, i) => {
    const above = i * width;
    const row = above + width;
    const gapLeft = costs.gap(a);
    total[row] = (total[above] as number) + gapLeft;
    right.forEach((b, j) => {
      total[row + j + 1] = Math.min(
        (total[above + j] as number) + costs.substitution(a, b),
        (total[above + j + 1] as number) + gapLeft,
        (total[row + j] as number) + costs.gap(b),
      );
    });
  });
  return total;
}

/** The part of a hop that the alignment of routes compares. */
export interface AlignableHop {
  /** Empty for a silent hop. */
  readonly addresses: readonly string[];
  readonly asn: number | null;
}

/** Whether two hops may be the same: they share an address, or one of them is silent. */
export function mayBeSameHop(
  { addresses: left }: AlignableHop,
  { addresses: right }: AlignableHop,
): boolean {
  if (left.length === 0 || right.length === 0) return true;
  if (left.length === 1 && right.length === 1) return left[0] === right[0];
  return left.some((address) => right.includes(address));
}

/** Costs in whole numbers, so that ties are exact: an inserted hop costs five. */
const gapCost = 5;
const differentCost = 5;
/** A different router of the same AS is the more likely partner. */
const sameAsCost = 3;
/** Silent gaps vary in length, which deserves no line of its own. */
const silentGapCost = 1;

/**
 * Similarity of the hops of two routes. An inserted hop costs one step, not the rest of the route.
 */
export const hopCosts: AlignmentCosts<AlignableHop> = {
  substitution(left, right) {
    if (mayBeSameHop(left, right)) return 0;
    return left.asn !== null && left.asn === right.asn ? sameAsCost : differentCost;
  },
  gap: ({ addresses }) => (addresses.length === 0 ? silentGapCost : gapCost),
};
