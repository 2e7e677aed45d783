import { familyOf } from '../../model/trace/addressKinds.ts';
import type { HopAnswer, HopRow } from './runDocument.ts';
import type { RunEnd } from './runEnd.ts';

/** The end of the route of a run. */
export interface RouteEnd {
  /** Index of the last hop of the route; -1 without any reply. */
  readonly index: number;
  readonly reached: boolean;
}

/**
 * Finds the end of a route and whether it is the destination.
 *
 * The destination replies to every probe whose ttl exceeds the length of the route, and so does a
 * router that sends an ICMP error in its place. mtr sends some of these probes before it knows the
 * length. So the end appears at several ttls: the one with the most replies counts, of equals the
 * first.
 *
 * mtr prints rows up to the destination or an ICMP error; without either, up to the largest ttl or
 * to one silent row after the last reply. So if the addresses of the destination and of the last
 * host are not both known, or of different families, an output that ends with a reply has reached
 * the destination.
 */
export function findRouteEnd(
  hops: readonly HopRow[],
  destination: RunEnd | null,
  reportedReached: boolean | null,
): RouteEnd {
  const last = hops.findLastIndex(({ answers, error }) => answers.length > 0 || error !== null);
  if (last === -1) return { index: -1, reached: false };
  const target = destination?.address ?? null;
  if (target !== null) {
    const first = 1 + findLastRouter(hops, target);
    const index = bestIndex(hops, first, last, ({ address }) => address === target);
    if (index !== null) return { index, reached: hops[index]?.error === null };
  }
  const index = findEndOfRepetition(hops, last);
  const hop = hops[index] as HopRow;
  if (hop.error !== null || hop.answers.length === 0) return { index, reached: false };
  if (hasName(hop, destination)) return { index, reached: true };
  if (reportedReached !== null) return { index, reached: reportedReached };
  const isComparable = hop.answers.some(
    ({ address }) => address !== null && target !== null && familyOf(address) === familyOf(target),
  );
  return { index, reached: !isComparable && isOutputEnd(hops, index) };
}

function hasName({ answers }: HopRow, destination: RunEnd | null): boolean {
  return answers.some(({ name }) => name !== null && name === destination?.name);
}

/**
 * The index of the last hop where only other hosts replied; -1 without any. A destination before it
 * is not the end: virtual routers and proxies reply with the address of the destination.
 */
function findLastRouter(hops: readonly HopRow[], target: string): number {
  return hops.findLastIndex(
    ({ answers }) => answers.length > 0 && answers.every(({ address }) => address !== target),
  );
}

/** The hop from `first` to `last` with the most replies of the wanted host; null without any. */
function bestIndex(
  hops: readonly HopRow[],
  first: number,
  last: number,
  isWanted: (answer: HopAnswer) => boolean,
): number | null {
  let best: number | null = null;
  let most = -1;
  for (let index = first; index <= last; index += 1) {
    const found = hops[index]?.answers.find(isWanted);
    if (found === undefined || (found.received ?? 0) <= most) continue;
    most = found.received ?? 0;
    best = index;
  }
  return best;
}

/** The hop with the most replies among the last hops that are the same host or silent. */
function findEndOfRepetition(hops: readonly HopRow[], last: number): number {
  const host = soleHost(hops[last]);
  if (host === null) return last;
  const before = hops.findLastIndex(
    (hop, index) => index < last && hop.answers.length > 0 && !isSame(soleHost(hop), host),
  );
  return bestIndex(hops, before + 1, last, () => true) ?? last;
}

function soleHost(hop: HopRow | undefined): HopAnswer | null {
  return hop?.answers.length === 1 && hop.error === null ? (hop.answers[0] ?? null) : null;
}

function isSame(one: HopAnswer | null, other: HopAnswer): boolean {
  return one !== null && one.address === other.address && one.name === other.name;
}

/**
 * Whether the output ends at this hop: the hops behind it, if any, received fewer probes, all sent
 * before the destination replied.
 */
function isOutputEnd(hops: readonly HopRow[], index: number): boolean {
  const sent = hops[index]?.sent ?? null;
  const host = soleHost(hops[index]);
  return hops.slice(index + 1).every((hop) => {
    if (sent === null || hop.sent === null) return false;
    return sent === 1 ? host !== null && isSame(soleHost(hop), host) : hop.sent < sent;
  });
}
