import type { HopAnswer, HopRow } from './runDocument.ts';
import type { RunEnd } from './runEnd.ts';

/** Where the path of a run ends. */
export interface RouteEnd {
  /** Index of the last hop that belongs to the path; -1 when nothing answered at all. */
  readonly index: number;
  readonly reached: boolean;
}

/**
 * Finds the end of a path and whether it is the destination.
 *
 * The destination answers every probe whose ttl is larger than the path is long, and so does a router that sends an ICMP error
 * for it; mtr sends some of those before it knows. So the end is met at several ttls, of which the one with most
 * replies counts, the nearest of equals.
 *
 * mtr prints rows up to the destination or to an ICMP error; without either one silent row more than answered, or up to the
 * largest ttl. So where the destination's address is not told (only its name, or nothing), or the last host only by
 * its name, an output that ends with an answer has reached it.
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
    const index = bestIndex(hops, 0, last, ({ address }) => address === target);
    if (index !== null) return { index, reached: hops[index]?.error === null };
  }
  const index = findEndOfRepetition(hops, last);
  const hop = hops[index] as HopRow;
  if (hop.error !== null || hop.answers.length === 0) return { index, reached: false };
  if (reportedReached !== null) return { index, reached: reportedReached };
  const hasNoAddress = hop.answers.every(({ address }) => address === null);
  const reached =
    target === null
      ? hasName(hop, destination) || isOutputEnd(hops, index)
      : hasNoAddress && isOutputEnd(hops, index);
  return { index, reached };
}

function hasName({ answers }: HopRow, destination: RunEnd | null): boolean {
  return answers.some(({ name }) => name !== null && name === destination?.name);
}

/** The hop from `first` to `last` at which the wanted host answered most; null when it did nowhere. */
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

/** Of the last hops that are all one and the same host or silent, the one at which it answered most. */
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
 * Whether the output goes no further: there is nothing behind, or only what was probed less often, that is before the
 * destination had shown where it is.
 */
function isOutputEnd(hops: readonly HopRow[], index: number): boolean {
  const sent = hops[index]?.sent ?? null;
  const host = soleHost(hops[index]);
  return hops.slice(index + 1).every((hop) => {
    if (sent === null || hop.sent === null) return false;
    return sent === 1 ? host !== null && isSame(soleHost(hop), host) : hop.sent < sent;
  });
}
