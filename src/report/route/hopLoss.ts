import type { HopStatistics, RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import { type CurrentHop, patternHop } from './currentRoute.ts';

/** Loss at one hop of the current route. */
export interface HopLoss {
  /** Number of probes to this hop; for tools with few probes, number of traces through it. */
  readonly sent: number;
  /** Percentage without a reply; null for a hop that never reports a time. */
  readonly lossPct: number | null;
  /**
   * Whether packets are really lost: all later hops lose at least half as much, and the
   * loss is a substantial part of the destination's. Otherwise the router only rate-limits replies.
   */
  readonly persists: boolean;
  /** Replies by address, for tools that count probes. */
  readonly replies?: ReadonlyMap<string, number>;
}

/** Hop statistics by TTL. */
export type StatisticsByTtl = ReadonlyMap<number, readonly HopStatistics[]>;

/** How loss is shown. `path`: up to the destination; `local`: only at this hop. */
export type LossKind = 'none' | 'path' | 'local';

/** How to show the loss of a hop. */
export function lossKind(loss: HopLoss | undefined): LossKind {
  if (!loss?.lossPct) return 'none';
  return loss.persists ? 'path' : 'local';
}

const persistingShare = 0.5;
const destinationShare = 0.25;

/**
 * Variants with a responder of the hop at its TTL: traces on other routes say nothing about its
 * loss.
 */
function variantsThroughHop(variants: readonly RouteVariant[], hop: CurrentHop): RouteVariant[] {
  return variants.filter(
    ({ route, share }) =>
      share > 0 &&
      patternHop(route, hop.ttl)?.addresses.some((address) => hop.usual.includes(address)),
  );
}

function lossAt(
  { variants, traces }: TestAnalysis,
  hop: CurrentHop,
  statistics: readonly HopStatistics[],
): Omit<HopLoss, 'persists'> {
  const through = variantsThroughHop(variants, hop);
  const probeLoss = probeLossAt(through, hop.ttl);
  if (probeLoss !== null) return probeLoss;
  const sent = through.reduce((sum, variant) => sum + variant.traces, 0);
  const answered = statistics.reduce((sum, { address, samples }) => {
    const isThroughHop = through.some(({ route }) =>
      patternHop(route, hop.ttl)?.addresses.includes(address),
    );
    return isThroughHop ? sum + samples : sum;
  }, 0);
  const known = sent > 0 && (answered > 0 || hop.addresses.length === 0);
  return {
    sent: sent === 0 ? traces : sent,
    lossPct: known ? (Math.max(0, sent - answered) / sent) * 100 : null,
  };
}

/** Loss from the probes of these variants; null if they do not count probes. */
function probeLossAt(
  through: readonly RouteVariant[],
  ttl: number,
): Omit<HopLoss, 'persists'> | null {
  const counts = through.flatMap(({ probes }) => probes?.get(ttl) ?? []);
  if (counts.length === 0 || through.some(({ probes }) => probes === null)) return null;
  const sent = counts.reduce((sum, count) => sum + count.sent, 0);
  const received = counts.reduce((sum, count) => sum + count.received, 0);
  const replies = new Map<string, number>();
  for (const [address, number] of counts.flatMap(({ byAddress }) => [...byAddress]))
    replies.set(address, (replies.get(address) ?? 0) + number);
  return {
    sent,
    lossPct: sent === 0 ? null : (Math.max(0, sent - received) / sent) * 100,
    replies,
  };
}

/** Loss of each hop of the current route, in route order. */
export function hopLoss(
  analysis: TestAnalysis,
  hops: readonly CurrentHop[],
  byTtl: StatisticsByTtl,
): HopLoss[] {
  return withPersistence(hops.map((hop) => lossAt(analysis, hop, byTtl.get(hop.ttl) ?? [])));
}

/** Adds to losses in route order whether they persist up to the destination. */
export function withPersistence(losses: readonly Omit<HopLoss, 'persists'>[]): HopLoss[] {
  let least = Number.POSITIVE_INFINITY;
  let destination: number | null = null;
  const marked = losses.toReversed().map((loss): HopLoss => {
    const lossPct = loss.lossPct ?? 100;
    destination ??= lossPct;
    const persists =
      least >= lossPct * persistingShare && lossPct >= destination * destinationShare;
    least = Math.min(least, lossPct);
    return { ...loss, persists };
  });
  return marked.reverse();
}
