import {
  binomialTail,
  median,
  nearestRankQuantile,
  sortAscending,
} from '../../model/statistics.ts';
import type { TraceStep } from './traceSteps.ts';

/** RTT that has risen above what is usual. */
export interface Slowdown {
  readonly since: number;
  readonly nowMs: number;
  readonly usualMs: number;
  readonly traces: number;
}

/** Loss at the destination that is new. */
export interface NewLoss {
  readonly since: number;
  readonly missed: number;
  readonly of: number;
  /** Share of the traces before, 0 to 1. */
  readonly usualShare: number;
  /** Mean share of the probes that the lossy traces lost, 0 to 1; 1 where a trace has but one, or none came back. */
  readonly lostShare: number;
}

const lastTraces = 3;
const minUsualSamples = 12;

/** RTT that is usual however much it varies, ms: up to 5 ms or 10 % above the median. */
function certainlyUsualMs(medianMs: number): number {
  return medianMs + Math.max(5, 0.1 * medianMs);
}

/**
 * Highest RTT that is still usual: the median and the larger of 5 ms, 10 % and three normalised median absolute deviations. Holds
 * its ground until half of the samples are higher.
 */
function usualCeilingMs(usual: readonly number[], medianMs: number): number {
  const spreadMs = median(usual.map((rtt) => Math.abs(rtt - medianMs))) ?? 0;
  return Math.max(certainlyUsualMs(medianMs), medianMs + 3 * 1.4826 * spreadMs);
}

/** Whether each of the last three RTTs is above the usual ones (at least twelve, ms, and their median), those of the usual route. */
export function detectSlowdown(
  steps: readonly TraceStep[],
  usual: readonly number[],
  medianMs: number | null,
): Slowdown | null {
  if (medianMs === null || usual.length < minUsualSamples) return null;
  const timed = steps.filter(({ rttMs }) => rttMs !== null);
  if ((timed.at(-1)?.rttMs ?? 0) <= certainlyUsualMs(medianMs)) return null;
  const limitMs = usualCeilingMs(usual, medianMs);
  const from = timed.findLastIndex(({ rttMs }) => (rttMs ?? 0) <= limitMs) + 1;
  const slow = timed.slice(from);
  if (slow.length < lastTraces) return null;
  const nowMs = median(slow.slice(-lastTraces).map(({ rttMs }) => rttMs ?? 0)) ?? 0;
  return { since: (slow[0] as TraceStep).at, nowMs, usualMs: medianMs, traces: slow.length };
}

/** Traces over which loss is judged; what came before is the usual. */
const recentTraces = 18;

/** Share of probes that tells of loss where there never was any. */
const minLoss = 0.05;

/** Loss that nearly every fifth trace shows anyway, 0 to 1, and some more. */
function lossyThreshold(before: readonly TraceStep[]): number {
  const shares = sortAscending(before.map(({ lossShare }) => lossShare));
  return (nearestRankQuantile(shares, 0.8) ?? 0) + minLoss;
}

/**
 * Whether the destination misses so many more of the last 18 traces than of those before (at least 1 %) that chance does it
 * once in ten thousand cases: four of them where it always answered. Only for destinations that usually answer four times out of five, since one that limits
 * its ICMP rate has loss of its own. Fewer traces in a row are an outage, not loss. Where a trace has many probes it misses
 * the destination when it loses 5 % more of them than four of five traces usually do.
 */
export function detectNewLoss(steps: readonly TraceStep[]): NewLoss | null {
  const newest = steps.slice(-recentTraces);
  const before = steps.slice(0, -recentTraces);
  const hasNoRecentLoss = newest.every(({ lossShare }) => lossShare < minLoss);
  if (before.length < recentTraces || hasNoRecentLoss) return null;
  const limit = lossyThreshold(before);
  const usualShare = before.filter(({ lossShare }) => lossShare >= limit).length / before.length;
  const missed = newest.filter(({ lossShare }) => lossShare >= limit);
  if (usualShare > 0.2) return null;
  if (binomialTail(missed.length, recentTraces, Math.max(0.01, usualShare)) >= 1e-4) return null;
  const lostShare = missed.reduce((sum, step) => sum + step.lossShare, 0) / missed.length;
  return {
    since: (missed[0] as TraceStep).at,
    missed: missed.length,
    of: recentTraces,
    usualShare,
    lostShare,
  };
}
