import { domainOf } from './identity.ts';
import { destinationNode, type Node, type NodeTable } from './nodes.ts';
import { hasNewDoor, type Position, type Regime } from './regime.ts';
import { usualRtt } from './regimeHabits.ts';
import type { Sighting } from './sighting.ts';
import { subnetOf } from './subnet.ts';

/** Neighbours further away than this many ttls say nothing about the place of a hop. */
const reach = 4;
/** Before a regime knows so many traces, new addresses of its routers turn up all the time. */
const ripeTraces = 40;

/**
 * Which unknown answers are another address of the usual device of their place: an interface was renumbered, or the
 * router answers from its loopback. True for isolated hops between neighbours that stand exactly where they always
 * stood, with the round-trip time of that place, and neither name nor AS to say otherwise. Two in a row (a renumbered link
 * seen from both of its ends) must in addition keep the subnet and the time to the destination.
 */
export function aliasesAmong(
  unknown: readonly number[],
  sighting: Sighting,
  regime: Regime,
  table: NodeTable,
): number[] {
  const aliases: number[] = [];
  for (let start = 0; start < unknown.length; ) {
    let end = start;
    while (end + 1 < unknown.length && follows(unknown, end, sighting)) end++;
    const run = unknown.slice(start, end + 1);
    if (isAliasRun(run, sighting, regime, table)) aliases.push(...run);
    start = end + 1;
  }
  return aliases;
}

/** No known answer stands between this unknown answer and the next. */
function follows(unknown: readonly number[], at: number, _sighting: Sighting): boolean {
  return (unknown[at + 1] as number) === (unknown[at] as number) + 1;
}

function isAliasRun(
  run: readonly number[],
  sighting: Sighting,
  regime: Regime,
  table: NodeTable,
): boolean {
  const first = run[0] as number;
  const last = run.at(-1) as number;
  const ttls = new Set(run.map((index) => sighting.ttls[index]));
  if (ttls.size > 2 || (ttls.size > 1 && !usualRtt(regime, sighting.rttMs))) return false;
  if (isEnteredElsewhere(last, sighting, regime, table)) return false;
  if (!inPlace(sighting, regime, first, -1) || !inPlace(sighting, regime, last, 1)) return false;
  return run.every((index) => isAlias(index, sighting, regime, table, ttls.size > 1));
}

/**
 * The next router is entered over another link since now. Two things have changed at one time: that is another route, and
 * no renumbered hop.
 */
function isEnteredElsewhere(
  index: number,
  { nodes, doors }: Sighting,
  regime: Regime,
  table: NodeTable,
): boolean {
  const next = nodes[index + 1];
  if (next === undefined || regime.traces < ripeTraces) return false;
  return table.list[next]?.router !== null && hasNewDoor(regime, next, doors[index + 1] as number);
}

function isAlias(
  index: number,
  sighting: Sighting,
  regime: Regime,
  table: NodeTable,
  strict: boolean,
): boolean {
  const position = regime.positions[sighting.ttls[index] as number];
  if (!position || position.answered < 3) return false;
  if (!withinRange(position, sighting.rttsMs[index] ?? null)) return false;
  const node = table.list[sighting.nodes[index] as number];
  if (!node) return false;
  return nodesAt(position, table).some(
    (usual) =>
      !otherPlace(node, usual) &&
      (!otherAs(node, usual) || (!strict && atBorder(node, index, sighting, table))) &&
      (!strict || sameSubnet(node, usual)),
  );
}

/** The next answering hop on one side, at most `reach` ttls away, is one the regime knows at exactly that ttl. */
function inPlace(sighting: Sighting, regime: Regime, index: number, direction: 1 | -1): boolean {
  const { ttls, nodes } = sighting;
  const ttl = ttls[index] as number;
  let next = index + direction;
  while (ttls[next] === ttl) next += direction;
  const at = ttls[next];
  if (at === undefined) return direction === -1 ? ttl <= reach : isLast(regime, ttl);
  if (Math.abs(at - ttl) > reach) return false;
  const node = nodes[next] as number;
  if (node === destinationNode) return regime.endTtls[at] !== undefined;
  return regime.positions[at]?.nodes[node] !== undefined;
}

/** Nothing regular answers behind this ttl, so that no neighbour can be asked for. */
function isLast(regime: Regime, ttl: number): boolean {
  return regime.positions.every(
    (position, at) => at <= ttl || !position || position.answered < 0.1 * regime.traces,
  );
}

function withinRange(position: Position, rttMs: number | null): boolean {
  if (rttMs === null) return true;
  if (position.rttsMs.length < 3) return false;
  const sorted = position.rttsMs.toSorted((a, b) => a - b);
  const least = sorted[0] as number;
  const most = sorted[Math.floor(0.85 * (sorted.length - 1))] as number;
  const middle = sorted[sorted.length >> 1] as number;
  return rttMs >= least * 0.98 - 0.5 && rttMs <= most + Math.max(1 + 0.03 * most, most - middle);
}

/** The device whose other address this is: the most frequent one of its position. */
export function usualNode(position: Position | null | undefined): number | null {
  let best: number | null = null;
  let most = 0;
  for (const key in position?.nodes ?? {}) {
    const count = position?.nodes[Number(key)] ?? 0;
    if (count > most && Number(key) !== destinationNode) {
      most = count;
      best = Number(key);
    }
  }
  return best;
}

/** Devices that answer in at least a fifth of the traces at a position. */
function nodesAt(position: Position, table: NodeTable): Node[] {
  const found: Node[] = [];
  for (const key in position.nodes) {
    const node = table.list[Number(key)];
    if (node && (position.nodes[key] as number) >= 0.2 * position.answered) found.push(node);
  }
  return found;
}

/** One operator names both, and differently. Names of two operators (an exchange, a peer) say nothing. */
function otherPlace(a: Node, b: Node): boolean {
  return a.place !== b.place && a.place !== null && b.place !== null && ofOneOperator(a, b);
}

/** One domain, or two of one AS: operators move to a new domain router by router. */
function ofOneOperator(a: Node, b: Node): boolean {
  if (a.router === null || b.router === null) return false;
  return domainOf(a.router) === domainOf(b.router) || (a.asn !== null && a.asn === b.asn);
}

function otherAs(a: Node, b: Node): boolean {
  return a.asn !== null && b.asn !== null && a.asn !== b.asn;
}

/**
 * An address between two networks may belong to either, or to the exchange they meet at: both direct neighbours answered,
 * or it has the AS of the next answering hop on one side.
 */
function atBorder(node: Node, index: number, sighting: Sighting, table: NodeTable): boolean {
  const { nodes, ttls } = sighting;
  const ttl = ttls[index] as number;
  if (ttls.includes(ttl - 1) && ttls.includes(ttl + 1)) return true;
  return [index - 1, index + 1].some((at) => table.list[nodes[at] ?? -1]?.asn === node.asn);
}

function sameSubnet(a: Node, b: Node): boolean {
  const subnet = subnetOf(a.addresses[0] as string);
  return b.addresses.some((address) => subnetOf(address) === subnet);
}
