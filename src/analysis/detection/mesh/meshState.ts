import type { Change } from '../../../model/change/change.ts';
import type { GradingReason } from '../../../model/change/grading.ts';
import { daySeconds } from '../../../model/values/time.ts';

/** A graded change that later ones may confirm or contradict. Plain JSON. */
export interface RememberedChange extends Pick<Change, 'id' | 'testId' | 'class' | 'detectedAt'> {
  readonly source: string;
  /** Start of the first trace after it, epoch seconds. */
  readonly by: number;
  readonly intervalSeconds: number;
  /** See `sharedFacts`. */
  readonly facts: readonly string[];
  /** See `changedAsns` and `interiorAsn`. */
  readonly asns: readonly number[];
  readonly interiorAsn: number | null;
  /** The times show that the route is another one; absent in older states. */
  readonly hasTimeShift?: boolean;
  /** The reasons that do not depend on other tests. */
  readonly ownReasons: readonly GradingReason[];
  /**
   * Ids of other tests that changed at the same time: with facts in common, and of the same source
   * in other ASes.
   */
  company: readonly string[];
  strangers: readonly string[];
}

/** An outage that the test alone cannot be sure of, and whether other tests confirmed it. */
export interface UnconfirmedOutage {
  readonly change: Change;
  isConfirmed: boolean;
}

/** The memory of the grading, for all tests. Plain JSON. */
export interface MeshState {
  readonly version: 1;
  recent: RememberedChange[];
  /** By test id. */
  readonly outages: Record<string, UnconfirmedOutage>;
}

/** The state before the first change. */
export function createMeshState(): MeshState {
  return { version: 1, recent: [], outages: {} };
}

/** A change is remembered for this long, and for at least so many intervals of its test. */
const rememberedSeconds = daySeconds;
export const rememberedIntervals = 96;

/** Drops the changes that do not influence one detected at `now` (epoch seconds) or later. */
export function pruneRemembered(state: MeshState, now: number): void {
  state.recent = state.recent.filter(
    ({ detectedAt, intervalSeconds }) =>
      now - detectedAt <= Math.max(rememberedSeconds, rememberedIntervals * intervalSeconds),
  );
}
