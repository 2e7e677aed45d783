import type { AlignedHop, HopMark } from '../../../model/change/change.ts';
import {
  type AlignableHop,
  align,
  hopCosts,
  mayBeSameHop,
} from '../../../model/trace/alignment.ts';

/** A hop as a set of addresses; empty for silence. */
export type HopSet = readonly string[];

interface PlacedHop extends AlignableHop {
  readonly ttl: number;
}

/** Two routes side by side, hop by hop. The first hop of either list has ttl 1. */
export function alignHops(before: readonly HopSet[], after: readonly HopSet[]): AlignedHop[] {
  // In this order, because among equal costs the hops that came are to stand before those that
  // left.
  const pairs = align<PlacedHop>(after.map(placeHop), before.map(placeHop), hopCosts);
  return pairs.map(({ left: added, right: removed }) => ({
    mark: markOf(removed, added),
    before: removed?.addresses ?? [],
    after: added?.addresses ?? [],
    ttls: [removed?.ttl ?? null, added?.ttl ?? null],
  }));
}

function placeHop(addresses: HopSet, index: number): PlacedHop {
  return { addresses, asn: null, ttl: index + 1 };
}

function markOf(removed: PlacedHop | null, added: PlacedHop | null): HopMark {
  if (isSilent(removed) && isSilent(added)) return 'silent';
  if (added === null) return 'removed';
  if (removed === null) return 'added';
  return mayBeSameHop(removed, added) ? 'same' : 'replaced';
}

function isSilent(hop: PlacedHop | null): boolean {
  return hop === null || hop.addresses.length === 0;
}
