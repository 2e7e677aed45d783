import type { Evidence } from '../../model/change.ts';
import { usualNode } from './alias.ts';
import { evidenceOf } from './describe.ts';
import { destinationNode, type NodeTable } from './nodes.ts';
import { median } from './rank.ts';
import type { Position, Regime } from './regime.ts';
import { fixedNodes } from './regimeHabits.ts';

/** Times of a hop that make its old and its new level. */
const levelSamples = 3;
/** A hop whose times rose by this share of the step shows it. */
const shownShare = 0.5;
/** A device that answers so often is a regular part of the route. */
const regularShare = 0.8;

/**
 * Where a rise of the round-trip time begins: the first hop that shows it, as do all regular hops behind it, and the hop in
 * front of it that does not. Nothing when only the destination shows it, which may be its own doing.
 */
export function riseEvidence(regime: Regime, table: NodeTable, stepMs: number): Evidence {
  let first: number | null = null;
  let front: number | null = null;
  for (let ttl = regime.positions.length - 1; ttl > 0; ttl--) {
    const node = usualNode(regime.positions[ttl]);
    const rise = riseAt(regime.positions[ttl]);
    if (node === null || node === destinationNode || rise === null) continue;
    if (rise >= shownShare * stepMs) first = node;
    else {
      front = node;
      break;
    }
  }
  if (first === null) return evidenceOf(table, [], []);
  const around = front === null ? [first] : [front, first];
  return { ...evidenceOf(table, [first], []), around: evidenceOf(table, around, []).left };
}

/** By how much the newest times of a position exceed the oldest ones kept, ms; null where there are too few. */
function riseAt(position: Position | null | undefined): number | null {
  if (!position || position.rttsMs.length < 2 * levelSamples) return null;
  const { rttsMs, cursor } = position;
  const values = [...rttsMs.slice(cursor), ...rttsMs.slice(0, cursor)];
  const before = median(values.slice(0, levelSamples)) as number;
  return (median(values.slice(-levelSamples)) as number) - before;
}

/** What a loss or a lower MTU may be blamed on while its place is not known: every regular device of the route. */
export function routeEvidence(regime: Regime, table: NodeTable): Evidence {
  const around = evidenceOf(table, fixedNodes(regime, regularShare), []).left;
  return { ...evidenceOf(table, [], []), around };
}
