import { hourSeconds } from '../../../model/values/time.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from '../route/baseline.ts';

/**
 * The memory of the end of a route whose destination never answers: the silence of its last hop may
 * be an outage or another configuration of the hop. One test cannot know; several can.
 */
export interface SilentEndState {
  /** The baseline of the last trace, and the ttl of its last hop before the silence began. */
  baselineId: number;
  endTtl: number;
  /** Traces in a row that ended before that hop. */
  misses: number;
  lastHitAt: number | null;
  firstMissAt: number | null;
  /** The silence was reported as an outage to be confirmed. */
  isReported: boolean;
}

/** An outage that other tests have to confirm, with the span of its onset, or the end of one. */
export type SilentEndEvent =
  | { readonly kind: 'unconfirmed'; readonly after: number | null; readonly by: number }
  | { readonly kind: 'dismissed' };

/** The last hop answers this share of the traces; so many traces show that. */
const reliableShare = 0.9;
const minKnownTraces = 12;
/** So many traces in a row report a silent end; one is enough at this interval, seconds. */
const minMisses = 2;
const longIntervalSeconds = hourSeconds;

/** The state before the first trace. */
export function createSilentEndState(): SilentEndState {
  return {
    ...{ baselineId: 0, endTtl: 0, misses: 0 },
    ...{ lastHitAt: null, firstMissAt: null, isReported: false },
  };
}

/** Processes one trace of a route whose destination never answers. */
export function stepSilentEnd(
  state: SilentEndState,
  { at, lastTtl }: Observation,
  baseline: Baseline,
): SilentEndEvent | null {
  // The baseline learns the silence.
  const endTtl = state.misses > 0 ? state.endTtl : reliableEnd(baseline);
  if (lastTtl >= endTtl || baseline.id !== state.baselineId) {
    const { isReported } = state;
    Object.assign(state, createSilentEndState(), { baselineId: baseline.id, lastHitAt: at });
    return isReported ? { kind: 'dismissed' } : null;
  }
  state.endTtl = endTtl;
  state.misses++;
  state.firstMissAt ??= at;
  const isLong = at - (state.lastHitAt ?? at) >= longIntervalSeconds;
  if (state.isReported || (state.misses < minMisses && !isLong)) return null;
  state.isReported = true;
  return { kind: 'unconfirmed', after: state.lastHitAt, by: state.firstMissAt };
}

/** The ttl of the deepest hop that answers reliably; 0 while unknown. */
function reliableEnd({ positions, traces }: Baseline): number {
  if (traces < minKnownTraces) return 0;
  return positions.findLastIndex(
    (position) => position !== null && position.answered >= reliableShare * position.asked,
  );
}
