import type { PatternHop } from '../../model/site/analysis.ts';
import { type AlignedPair, align, hopCosts, mayBeSameHop } from '../../model/trace/alignment.ts';

/**
 * `=` same or unknown, `~` another responder, `+` only in the new route, `-` only in the old one.
 */
export type DiffMark = '=' | '~' | '+' | '-';

/** CSS classes of marked lines and steps. */
export const diffClasses: Readonly<Record<DiffMark, string>> = {
  '=': 'same',
  '~': 'replaced',
  '+': 'added',
  '-': 'removed',
};

/**
 * One line of two routes side by side: `left` is the older route's hop, `right` the newer one's.
 */
export interface DiffRow<Hop = PatternHop> {
  readonly mark: DiffMark;
  readonly left: Hop | null;
  readonly right: Hop | null;
}

/** One AS of two AS paths side by side; `mark` as in `DiffRow`, never `~`. */
export interface AsStep {
  readonly mark: '=' | '+' | '-';
  readonly asn: number;
}

/** Two routes aligned hop by hop. */
export interface RouteDiff<Hop = PatternHop> {
  readonly rows: readonly DiffRow<Hop>[];
  /** Number of rows that are not `=`. */
  readonly changed: number;
  /**
   * Last common hop before the first difference; null if the routes differ from the start or not at
   * all.
   */
  readonly diverges: Hop | null;
  /** First common hop after the last difference; null if they never merge or do not differ. */
  readonly merges: Hop | null;
}

function diffRow<Hop extends PatternHop>({ left, right }: AlignedPair<Hop>): DiffRow<Hop> {
  if (left === null) return { mark: '+', left, right };
  if (right === null) return { mark: '-', left, right };
  return { mark: mayBeSameHop(left, right) ? '=' : '~', left, right };
}

/** Lengths of the common start and of the common end after it, in hops that share a responder. */
function commonEnds(older: readonly PatternHop[], newer: readonly PatternHop[]): [number, number] {
  const shortest = Math.min(older.length, newer.length);
  const isCommon = (i: number, j: number): boolean => {
    const a = older[i] as PatternHop;
    const b = newer[j] as PatternHop;
    return mayBeSameHop(a, b) && a.addresses.length > 0 === b.addresses.length > 0;
  };
  let head = 0;
  while (head < shortest && isCommon(head, head)) head += 1;
  let tail = 0;
  while (tail < shortest - head && isCommon(older.length - 1 - tail, newer.length - 1 - tail)) {
    tail += 1;
  }
  return [head, tail];
}

/** Aligns two routes; silent hops match anything. */
export function routeDiff<Hop extends PatternHop>(
  older: readonly Hop[],
  newer: readonly Hop[],
): RouteDiff<Hop> {
  const [head, tail] = commonEnds(older, newer);
  const rows: DiffRow<Hop>[] = [];
  for (let i = 0; i < head; i++) {
    rows.push({ mark: '=', left: older[i] as Hop, right: newer[i] as Hop });
  }
  const olderMiddle = older.slice(head, older.length - tail);
  const newerMiddle = newer.slice(head, newer.length - tail);
  for (const pair of align<Hop>(olderMiddle, newerMiddle, hopCosts)) rows.push(diffRow<Hop>(pair));
  for (let i = tail; i > 0; i--) {
    const left = older[older.length - i] as Hop;
    rows.push({ mark: '=', left, right: newer[newer.length - i] as Hop });
  }
  const first = rows.findIndex((row) => row.mark !== '=');
  const last = rows.findLastIndex((row) => row.mark !== '=');
  return {
    rows,
    changed: rows.reduce((sum, row) => sum + (row.mark === '=' ? 0 : 1), 0),
    diverges: first > 0 ? (rows[first - 1]?.right ?? null) : null,
    merges: last >= 0 ? (rows[last + 1]?.right ?? null) : null,
  };
}

const asCosts = {
  substitution: (left: number, right: number): number => (left === right ? 0 : 3),
  gap: (): number => 1,
};

/** Aligns two AS paths; a replaced AS is one `-` followed by one `+`. */
export function asPathDiff(older: readonly number[], newer: readonly number[]): AsStep[] {
  return align(older, newer, asCosts).flatMap(({ left, right }): AsStep[] => {
    if (left === null) return right === null ? [] : [{ mark: '+', asn: right }];
    return [{ mark: right === null ? '-' : '=', asn: left }];
  });
}
