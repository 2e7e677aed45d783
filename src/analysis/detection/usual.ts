import { evidenceOf } from './describe.ts';
import { median } from './rank.ts';
import { isOdd, presence, type Regime } from './regime.ts';
import type { TestState } from './state.ts';

/** A device that so many of the traces show is a part of the route. */
const regularShare = 0.3;

/** Names of the devices and links that the route now in use passes, in the terms of `Evidence`. */
export function usualElements({ route, nodes }: TestState): string[] {
  const [regime] = route.regimes;
  if (regime === undefined) return [];
  const regular = Object.keys(regime.seen)
    .map(Number)
    .filter((node) => presence(regime, node) >= regularShare && !isOdd(regime, node));
  const { left, leftLinks } = evidenceOf(nodes, regular, []);
  return [...left, ...leftLinks];
}

/** What is usual for a test, of the route that was in use longest; null where nothing tells. */
export interface UsualFigures {
  readonly hops: number | null;
  readonly rttMs: number | null;
  readonly lossPct: number | null;
}

/** The usual figures of a test. */
export function usualFigures({ route, performance }: TestState): UsualFigures {
  const usual = route.regimes.reduce<Regime | null>(
    (longest, regime) => (longest === null || regime.held > longest.held ? regime : longest),
    null,
  );
  const { misses, traces } = performance.loss;
  return {
    hops: usual === null ? null : commonEnd(usual),
    rttMs: median((usual?.reachedRtts ?? []).map(({ ms }) => ms)),
    lossPct: traces === 0 ? null : (100 * misses) / traces,
  };
}

/** The ttl at which the destination answered most often. */
function commonEnd({ endTtls }: Regime): number | null {
  const ends = Object.entries(endTtls).sort((a, b) => b[1] - a[1]);
  return ends[0] === undefined ? null : Number(ends[0][0]);
}
