/** What each step of an alignment costs; the cheapest total wins. */
export interface AlignmentCosts<T> {
  /** Cost of putting two items side by side; 0 when they count as equal. */
  substitution(left: T, right: T): number;
  /** Cost of leaving an item without a partner. */
  gap(item: T): number;
}

/** One line of an alignment; null where one side has nothing. Never null on both sides. */
export interface AlignedPair<T> {
  readonly left: T | null;
  readonly right: T | null;
}

/**
 * Needleman-Wunsch alignment of two short sequences, in order. Among equal costs pairs are preferred to gaps, and of
 * neighbouring gaps the left items come first.
 * Work and memory are the product of the lengths.
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

/** Cheapest cost of every pair of prefixes, row by row. */
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
