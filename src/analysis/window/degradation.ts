import {
  binomialTail,
  median,
  nearestRankQuantile,
  sortAscending,
} from '../../model/statistics.ts';
import type { TraceStep } from './traceSteps.ts';

/** An RTT that has risen above its usual values. */
export interface Slowdown {
  readonly since: number;
  readonly nowMs: number;
  readonly usualMs: number;
  readonly traces: number;
}

/** New loss at the destination. */
export interface NewLoss {
  readonly since: number;
  readonly missed: number;
  readonly of: number;
  /** Share of the earlier traces, 0 to 1. */
  readonly usualShare: number;
  /**
   * Mean share of the probes that the lossy traces lost, 0 to 1; 1 where a trace has but one probe,
   * or no probe came back.
   */
  readonly lostShare: number;
}

const lastTraces = 3;
const minUsualSamples = 12;

/** An RTT this far above the median, the larger of both, is usual however much it varies. */
const certainlyUsual = { ms: 5, share: 0.1 };
/**
 * RTTs vary by so many standard deviations, which a median absolute deviation estimates with this
 * factor.
 */
const usualDeviations = 3;
const normalizedDeviation = 1.4826;

/** Highest RTT that is certainly usual, ms. */
function certainlyUsualMs(medianMs: number): number {
  return medianMs + Math.max(certainlyUsual.ms, certainlyUsual.share * medianMs);
}

/** Highest RTT that is still usual, ms. Holds its ground until half of the samples are higher. */
function usualCeilingMs(usual: readonly number[], medianMs: number): number {
  const spreadMs = median(usual.map((rtt) => Math.abs(rtt - medianMs))) ?? 0;
  return Math.max(
    certainlyUsualMs(medianMs),
    medianMs + usualDeviations * normalizedDeviation * spreadMs,
  );
}

/**
 * Finds an RTT above the usual ones in each of the last three traces. `usual`: RTTs of the usual
 * route and their median, ms; at least twelve are needed.
 */
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

/** Newest traces to check for loss; the earlier ones show the usual loss. */
const recentTraces = 18;

/** A destination that misses a larger share of the traces limits its ICMP rate: that is no loss. */
const maxUsualShare = 0.2;
/** No destination is assumed to miss a smaller share. */
const minUsualShare = 0.01;
/** So rarely may chance produce the misses of the recent traces. */
const maxChance = 1e-4;
/** Share of lost probes that means loss where there was none before. */
const minLoss = 0.05;

/** The loss share, 0 to 1, that makes a trace lossy: more than four of five earlier traces lost. */
function lossyThreshold(before: readonly TraceStep[]): number {
  const shares = sortAscending(before.map(({ lossShare }) => lossShare));
  return (nearestRankQuantile(shares, 1 - maxUsualShare) ?? 0) + minLoss;
}

/**
 * Finds new loss: the destination misses so many of the last 18 traces that chance does it once in
 * ten thousand cases, given its usual share of misses (at least 1 %). Where it always answered,
 * that takes four misses. Only for destinations that usually answer four of five traces, because
 * one that limits its ICMP rate loses answers of its own. Misses of a whole run are an outage, not
 * loss. Where a trace has many probes, it counts as a miss when it loses 5 % more of them than four
 * of five traces usually do.
 */
export function detectNewLoss(steps: readonly TraceStep[]): NewLoss | null {
  const newest = steps.slice(-recentTraces);
  const before = steps.slice(0, -recentTraces);
  const hasNoRecentLoss = newest.every(({ lossShare }) => lossShare < minLoss);
  if (before.length < recentTraces || hasNoRecentLoss) return null;
  const limit = lossyThreshold(before);
  const usualShare = before.filter(({ lossShare }) => lossShare >= limit).length / before.length;
  const missed = newest.filter(({ lossShare }) => lossShare >= limit);
  if (usualShare > maxUsualShare) return null;
  if (binomialTail(missed.length, recentTraces, Math.max(minUsualShare, usualShare)) >= maxChance)
    return null;
  const lostShare = missed.reduce((sum, step) => sum + step.lossShare, 0) / missed.length;
  return {
    since: (missed[0] as TraceStep).at,
    missed: missed.length,
    of: recentTraces,
    usualShare,
    lostShare,
  };
}
