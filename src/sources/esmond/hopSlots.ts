import type { Met } from './responders.ts';

/** Largest ttl there is. */
export const maxTtl = 255;

/** Everything that came back from one ttl. */
export interface HopSlot {
  /** Distinct responders in the order in which they answered. */
  readonly met: Met[];
  /** For each of `met`: its smallest round-trip time in ms, and its replies. */
  readonly rttMs: (number | null)[];
  readonly replies: number[];
  sent: number;
  mtu: number | null;
  error: string | null;
}

/** The ttls of one trace. Used again for the next one, so that a long answer leaves no garbage. */
export interface HopSlots {
  readonly at: readonly HopSlot[];
  first: number;
  last: number;
}

/** Room for one trace. */
export function createHopSlots(): HopSlots {
  const at = Array.from({ length: maxTtl + 1 }, () => ({
    met: [],
    rttMs: [],
    replies: [],
    sent: 0,
    mtu: null,
    error: null,
  }));
  return { at, first: maxTtl + 1, last: 0 };
}

/** Makes room for the next trace. */
export function clearHopSlots(slots: HopSlots): void {
  for (let ttl = slots.first; ttl <= slots.last; ttl += 1) {
    const slot = slots.at[ttl] as HopSlot;
    slot.met.length = 0;
    slot.rttMs.length = 0;
    slot.replies.length = 0;
    slot.sent = 0;
    slot.mtu = null;
    slot.error = null;
  }
  slots.first = maxTtl + 1;
  slots.last = 0;
}

/** The slot of a ttl from 1 to `maxTtl`, widening the span of the trace to it. */
export function slotOf(slots: HopSlots, ttl: number): HopSlot {
  if (ttl < slots.first) slots.first = ttl;
  if (ttl > slots.last) slots.last = ttl;
  return slots.at[ttl] as HopSlot;
}
