import { median, sortAscending } from '../../../model/values/statistics.ts';
import { destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { comparableTimes } from '../verdictSamples.ts';
import type { Baseline } from './baseline.ts';
import type { ComparisonContext } from './routeDifference.ts';

/** Least shift of the round-trip time that shows another way, and that does so at a single hop. */
const clearShift = { ms: 3, share: 0.05, deviations: 4 };
const largeShift = { ms: 6, share: 0.1 };

/** The move of the round-trip time from the old route to the new one. */
export interface TimeShift {
  readonly isClear: boolean;
  /** It is clear, and the new route takes longer. */
  readonly isSlower: boolean;
  readonly isLarge: boolean;
  /** All new times lie outside of the old ones, though by little. */
  readonly isVisible: boolean;
}

const noShift: TimeShift = { isClear: false, isSlower: false, isLarge: false, isVisible: false };
/** Least move of the times out of their old range that is visible. */
const visibleShift = { ms: 0.8, share: 0.01 };
const minTimes = 3;

/** A hop has moved with a shift if its time moved by more than this part of it. */
const sameShift = 0.5;

/** Compares the times of an old route with those of the traces that left it. */
export function timeShift(context: ComparisonContext): TimeShift {
  const { old, traces, table } = context;
  const samples = comparableTimes(old, traces, table);
  if (samples === null || samples.before.length < minTimes) return noShift;
  const before = sortAscending(samples.before);
  const levelMs = median(before) as number;
  const nowMs = median(samples.after) as number;
  const deviationMs = median(before.map((ms) => Math.abs(ms - levelMs))) as number;
  const size = Math.abs(nowMs - levelMs);
  if (beginsElsewhere(nowMs - levelMs, context)) return noShift;
  const after = sortAscending(samples.after);
  const faster = (before[0] as number) - (after.at(-1) as number);
  const outside = Math.max(faster, (after[0] as number) - (before.at(-1) as number));
  const noiseMs = clearShift.deviations * deviationMs;
  const isClear =
    outside > 0 && size >= Math.max(clearShift.ms, clearShift.share * levelMs, noiseMs);
  return {
    isClear,
    isSlower: isClear && nowMs > levelMs,
    isLarge: size >= largeShift.ms && size >= largeShift.share * levelMs,
    isVisible: outside >= Math.max(visibleShift.ms, visibleShift.share * levelMs, noiseMs),
  };
}

/** So many hops on either side of a change show where a shift begins: one may be slow by chance. */
const hopsBeside = 2;

/** Whether a shift, ms, begins in front of a change, or behind hops that follow the change. */
function beginsElsewhere(shiftMs: number, { old, traces, runs }: ComparisonContext): boolean {
  const sign = Math.sign(shiftMs);
  const first = runs[0]?.from ?? 0;
  const last = runs.at(-1)?.to ?? 0;
  const inFront: number[] = [];
  const behind: number[] = [];
  for (const trace of traces) {
    const hops = usualHops(trace, old);
    const before = hops.filter(({ ttl }) => ttl < first).slice(-hopsBeside);
    const after = hops.filter(({ ttl }) => ttl > last).slice(0, hopsBeside);
    if (before.length === hopsBeside)
      inFront.push(Math.min(...before.map(({ moveMs }) => sign * moveMs)));
    if (after.length > 0) behind.push(sign * Math.min(...after.map(({ moveMs }) => moveMs)));
  }
  const limitMs = sameShift * Math.abs(shiftMs);
  return (median(inFront) ?? 0) > limitMs || (median(behind) ?? limitMs) < limitMs;
}

/** The hops of a trace that answer where they usually do, and how far their times moved, ms. */
function usualHops(
  { ttls, devices, rttsMs }: Observation,
  { positions }: Baseline,
): { ttl: number; moveMs: number }[] {
  return ttls.flatMap((ttl, index) => {
    const position = positions[ttl];
    const device = devices[index] as number;
    const nowMs = rttsMs[index] ?? null;
    if (nowMs === null || device === destinationDevice || !position?.devices[device]) return [];
    if (position.rttsMs.length < minTimes) return [];
    return [{ ttl, moveMs: nowMs - (median(position.rttsMs) as number) }];
  });
}
