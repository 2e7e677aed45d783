import type { Sighting } from './sighting.ts';

/** What answers at one ttl of a regime. Counts are forgotten exponentially, so they are not whole numbers. */
export interface Position {
  /** Answers at this ttl. */
  answered: number;
  /** Nodes seen here exactly once: the Good-Turing measure of how many are still unseen. */
  once: number;
  /** Answers by node id. */
  nodes: Record<number, number>;
  /** The last round-trip times here, ms; a ring with `cursor` at the oldest. */
  rttsMs: number[];
  cursor: number;
}

/**
 * A route together with its load balancing: for every ttl the set of devices that answer and how often. Not a path but a
 * distribution over paths, so that no single trace has to look like the one before.
 */
export interface Regime {
  readonly id: number;
  /** Traces learned, forgotten exponentially. */
  traces: number;
  /** Start of the first and the last trace that it explained, epoch seconds. */
  firstAt: number;
  lastAt: number;
  /** Traces it explained, never forgotten: its tenure. */
  held: number;
  /** Index is the ttl. */
  positions: (Position | null)[];
  /** Traces in which a node answered, by node id. */
  seen: Record<number, number>;
  /** Addresses at which a node answered, as bits, by node id; only of nodes that used more than their first one. */
  doors: Record<number, number>;
  /** Traces by the ttl at which the destination answered. */
  endTtls: Record<number, number>;
  endOnce: number;
  ends: number;
  /** Last round-trip times to the destination with their times, newest last. */
  reachedRtts: { at: number; ms: number }[];
  /** Traces by path MTU, bytes. */
  mtus: Record<number, number>;
}

/** Counts are halved beyond this many traces: a day at 10 minutes. */
const memoryTraces = 160;
/** A ring of times per position, enough for a range. */
const ringLength = 12;
/** Times kept for verdicts. */
const keptRtts = 96;

/** A regime that knows nothing yet. */
export function createRegime(id: number, at: number): Regime {
  return {
    id,
    traces: 0,
    firstAt: at,
    lastAt: at,
    held: 0,
    positions: [],
    seen: {},
    doors: {},
    endTtls: {},
    endOnce: 0,
    ends: 0,
    reachedRtts: [],
    mtus: {},
  };
}

/** Adds one trace to a regime. */
export function learn(regime: Regime, sighting: Sighting): void {
  if (regime.held === 0) regime.firstAt = sighting.at;
  regime.traces++;
  regime.held++;
  if (sighting.at > regime.lastAt) regime.lastAt = sighting.at;
  const { ttls, nodes, rttsMs } = sighting;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    learnAt(regime, ttls[i] as number, node, rttsMs[i] as number | null);
    learnDoor(regime, node, sighting.doors[i] as number);
    if (nodes.indexOf(node) === i) regime.seen[node] = (regime.seen[node] ?? 0) + 1;
  }
  if (sighting.destinationTtl !== null) learnEnd(regime, sighting);
  if (regime.traces > memoryTraces) fade(regime);
}

function learnDoor(regime: Regime, node: number, door: number): void {
  const known = regime.doors[node];
  if (door === 0 && known === undefined) return;
  const before = known ?? (regime.seen[node] === undefined ? 0 : 1);
  regime.doors[node] = before | (1 << door);
}

/** Whether a device that the regime knows answers at an address at which it never did while this regime lasted. */
export function hasNewDoor(regime: Regime, node: number, door: number): boolean {
  const known = regime.doors[node];
  if (known === undefined && door === 0) return false;
  return regime.seen[node] !== undefined && ((known ?? 1) & (1 << door)) === 0;
}

function learnAt(regime: Regime, ttl: number, node: number, rttMs: number | null): void {
  let position = regime.positions[ttl];
  if (!position) {
    while (regime.positions.length <= ttl) regime.positions.push(null);
    position = { answered: 0, once: 0, nodes: {}, rttsMs: [], cursor: 0 };
    regime.positions[ttl] = position;
  }
  const before = position.nodes[node];
  position.answered++;
  position.nodes[node] = (before ?? 0) + 1;
  if (before === undefined) position.once++;
  else if (before <= 1) position.once = Math.max(0, position.once - 1);
  if (rttMs === null) return;
  position.rttsMs[position.cursor] = rttMs;
  position.cursor = (position.cursor + 1) % ringLength;
}

function learnEnd(regime: Regime, sighting: Sighting): void {
  const ttl = sighting.destinationTtl as number;
  const before = regime.endTtls[ttl];
  regime.ends++;
  regime.endTtls[ttl] = (before ?? 0) + 1;
  if (before === undefined) regime.endOnce++;
  else if (before <= 1) regime.endOnce = Math.max(0, regime.endOnce - 1);
  if (sighting.rttMs === null) return;
  regime.reachedRtts.push({ at: sighting.at, ms: sighting.rttMs });
  if (regime.reachedRtts.length > keptRtts) regime.reachedRtts.shift();
}

/** Halves what a regime knows, so that a week-old habit weighs less than today's. Nothing known becomes unknown. */
export function fade(regime: Regime): void {
  regime.traces /= 2;
  regime.ends /= 2;
  regime.endOnce /= 2;
  for (const position of regime.positions) {
    if (!position) continue;
    position.answered /= 2;
    position.once /= 2;
    halve(position.nodes);
  }
  halve(regime.seen);
  halve(regime.endTtls);
  halve(regime.mtus);
}

function halve(counts: Record<number, number>): void {
  for (const key in counts) counts[key] = (counts[key] as number) / 2;
}

/** Makes one node out of two in everything the regime knows. */
export function joinInRegime(regime: Regime, from: number, into: number): void {
  if (regime.seen[from] === undefined) return;
  for (const position of regime.positions) if (position) move(position.nodes, from, into);
  const both = (regime.seen[from] ?? 0) + (regime.seen[into] ?? 0);
  move(regime.seen, from, into);
  regime.seen[into] = Math.min(regime.traces, both);
  delete regime.doors[from];
}

function move(counts: Record<number, number>, from: number, into: number): void {
  const count = counts[from];
  if (count === undefined) return;
  counts[into] = (counts[into] ?? 0) + count;
  delete counts[from];
}

/** Share of the regime's traces in which a node answers, 0 to 1. */
export function presence(regime: Regime, node: number): number {
  return regime.traces > 0 ? (regime.seen[node] ?? 0) / regime.traces : 0;
}

/** A device that answers in less of a regime's traces than this is no regular part of it. */
const oddShare = 0.05;

/** Whether a node is unknown to a regime or known from a few traces only. */
export function isOdd(regime: Regime, node: number): boolean {
  const seen = regime.seen[node];
  return seen === undefined || seen < oddShare * regime.traces;
}

/** Makes the devices of these traces regular parts of a regime: they are there to stay. */
export function adopt(regime: Regime, sightings: readonly Sighting[]): void {
  const odd = new Set<number>();
  for (const { nodes } of sightings)
    for (const node of nodes) if (isOdd(regime, node)) odd.add(node);
  for (const sighting of sightings) learn(regime, sighting);
  const share = 2 * oddShare * regime.traces;
  for (const node of odd) regime.seen[node] = Math.max(share, regime.seen[node] ?? 0);
}
