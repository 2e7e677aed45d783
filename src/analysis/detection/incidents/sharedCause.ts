import type { Change, ChangeClass } from '../../../model/change/change.ts';

/** The ends of a test as host names (the same for both address families) or addresses. */
export interface TestEnds {
  readonly source: string;
  readonly destination: string;
}

/** The traits that changes of one cause share, and the time of a change. Plain JSON. */
export interface CauseTraits {
  readonly class: ChangeClass;
  /** The span in which it occurred, epoch seconds. */
  readonly after: number;
  readonly by: number;
  /** Devices and links that left, and the hosts that an outage may be the fault of. */
  readonly lost: readonly string[];
  /** Devices that came. */
  readonly gained: readonly string[];
  /** Devices next to the difference; for loss and the MTU, the whole route. */
  readonly beside: readonly string[];
  readonly asns: readonly number[];
  /** The ends of the test. */
  readonly hosts: readonly string[];
}

/** An outage that begins so near to the source may be the fault of the source. */
const nearSourceHops = 4;

/** The traits of a change. An outage also loses the hosts at its ends. */
export function causeTraits(change: Change, ends: TestEnds): CauseTraits {
  const { evidence, onset } = change;
  const { source, destination } = ends;
  const lost = [...evidence.removed, ...evidence.removedLinks];
  if (change.class === 'unreachable') {
    lost.push(`host ${destination}`);
    if (reachedHops(change) <= nearSourceHops) lost.push(`host ${source}`);
  }
  return {
    class: change.class,
    after: onset.after ?? onset.by,
    by: onset.by,
    lost: [...new Set(lost)],
    gained: evidence.added,
    beside: evidence.adjacent ?? [],
    asns: evidence.asns,
    hosts: [source, destination],
  };
}

function reachedHops(change: Change): number {
  return change.route.filter((hop) => hop.after.length > 0).length;
}

/**
 * Evidence in nats that two changes have one cause: for each thing in common, and against it where
 * there is none, not even an AS.
 */
const commonNats = 3;
/** Evidence of spans that overlap, and of changes of the same kind. */
const overlapNats = 2;
const kindNats = 2;
/** Apart in time, a nat less for each of these spans: clocks of hosts are minutes off. */
const gapSeconds = 900;
/** Spans as long as this one overlap by chance; longer ones say less. */
const chanceSeconds = 600;
/** No pair decides alone about many. */
const maxNats = 6;

/**
 * The log-likelihood ratio, in nats, of one cause against two for two changes of different tests.
 */
export function sharedCauseNats(a: CauseTraits, b: CauseTraits): number {
  const sharedPart = partInCommon([...a.lost, ...a.beside], [...b.lost, ...b.beside]);
  const hasGained = hasCommon(a.gained, b.gained);
  const hasHost = hasCommon(a.hosts, b.hosts);
  const isRelated = sharedPart > 0 || hasGained || hasHost || hasCommon(a.asns, b.asns);
  const common = commonNats * (sharedPart + Number(hasGained) + Number(hasHost));
  const kind = kindOf(a) === kindOf(b) ? kindNats : 0;
  const nats = (isRelated ? common : -commonNats) + kind + timeNats(a, b);
  return Math.max(-maxNats, Math.min(maxNats, nats));
}

function timeNats(a: CauseTraits, b: CauseTraits): number {
  const gap = Math.max(a.after, b.after) - Math.min(a.by, b.by);
  const spans = a.by - a.after + b.by - b.after;
  return (gap > 0 ? -gap / gapSeconds : overlapNats) - Math.log(1 + spans / chanceSeconds);
}

/** The part of the shorter list that is in the other one as well, 0 to 1. */
function partInCommon(a: readonly string[], b: readonly string[]): number {
  const others = new Set(b);
  const shared = new Set(a.filter((name) => others.has(name)));
  return shared.size / Math.max(1, Math.min(new Set(a).size, others.size));
}

function hasCommon<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.some((each) => b.includes(each));
}

const kinds: Readonly<Partial<Record<ChangeClass, 'silence' | 'times'>>> = {
  unreachable: 'silence',
  vanished: 'silence',
  rtt_shift: 'times',
  loss: 'times',
  mtu_drop: 'times',
};

/** Whether a change concerns the route, the reachability, or times, losses and the MTU. */
export function kindOf(change: { readonly class: ChangeClass }): 'route' | 'silence' | 'times' {
  return kinds[change.class] ?? 'route';
}
