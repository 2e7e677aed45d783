import { median } from '../../model/values/statistics.ts';
import type { DetectionState } from './detectionState.ts';
import { type Baseline, presenceShare } from './route/baseline.ts';
import { usualEndTtl } from './route/baselineStatistics.ts';
import { buildEvidence } from './route/evidence.ts';

/** A device of this share of the traces is a part of the route. */
const regularShare = 0.3;

/** Names of the devices, links and ASes on the route in use, in the terms of `Evidence`. */
export function usualElements({ route, devices }: DetectionState): string[] {
  const [baseline] = route.baselines;
  if (baseline === undefined) return [];
  const regular = Object.keys(baseline.seen)
    .map(Number)
    .filter((device) => presenceShare(baseline, device) >= regularShare);
  const { removed, removedLinks, asns } = buildEvidence(devices, regular, []);
  return [...removed, ...removedLinks, ...asns.map(asElement)];
}

/** The name of an AS among the elements of a route. */
export function asElement(asn: number): string {
  return `as ${asn}`;
}

/** The usual figures of a test, from the route that was in use longest; null where unknown. */
export interface UsualFigures {
  readonly hops: number | null;
  readonly rttMs: number | null;
  readonly lossPct: number | null;
}

/** Returns the usual figures of a test. */
export function usualFigures({ route, performance }: DetectionState): UsualFigures {
  const usual = route.baselines.reduce<Baseline | null>(
    (longest, baseline) =>
      longest === null || baseline.explainedTraces > longest.explainedTraces ? baseline : longest,
    null,
  );
  const { misses, traces } = performance.loss;
  return {
    hops: usual === null ? null : usualEndTtl(usual),
    rttMs: median(usual?.reachedRttsMs ?? []),
    lossPct: traces === 0 ? null : (100 * misses) / traces,
  };
}
