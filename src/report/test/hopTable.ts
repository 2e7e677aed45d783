import type { HopStatistics, TestAnalysis } from '../../model/site/analysis.ts';
import type { NamedAnswer } from '../../model/trace/trace.ts';
import {
  asLabel,
  formatCount,
  formatMsCell,
  formatPercent,
  pluralize,
  unknownText,
} from '../../model/values/format.ts';
import type { CurrentHop } from '../route/currentRoute.ts';
import { type HopLoss, type LossKind, lossKind, type StatisticsByTtl } from '../route/hopLoss.ts';

/** A responder at one TTL: one row of the table. */
interface ResponderRow {
  readonly name: string;
  readonly address: string;
  readonly as: string;
  readonly asName: string;
  /** Seen at this TTL in the window, but only on routes other than the current one. */
  readonly isOnOtherRoute: boolean;
  /** `silent now`: usual here, but not in the latest trace; '' for none. */
  readonly tag: string;
  readonly last: string;
  readonly min: string;
  readonly median: string;
  readonly threshold: string;
  readonly worst: string;
  readonly stdev: string;
  readonly samples: string;
  readonly status: 'ok' | 'warn' | 'unknown';
}

/** One hop, or several silent hops if `silent` is not ''. */
export interface HopGroup {
  readonly ttl: string;
  readonly silent: string;
  /** The AS differs from that of the previous hop. */
  readonly asBoundary: boolean;
  readonly loss: string;
  readonly lossKind: LossKind;
  readonly sent: string;
  readonly mtu: string;
  readonly error: string;
  readonly rows: readonly ResponderRow[];
  /** Number of responders of other routes that are not listed. */
  readonly omittedOtherRouteRows: number;
}

/** The responders of an analysis. */
type KnownResponders = Pick<TestAnalysis, 'responders'>;

/** Maximum number of responders of other routes at one TTL. */
const maxOtherRouteRows = 4;

function responderRow(
  { responders }: KnownResponders,
  statistics: HopStatistics,
  tag: string,
  isOnOtherRoute: boolean,
): ResponderRow {
  const { address, status } = statistics;
  const responder = responders.get(address);
  return {
    name: responder?.hostname ?? '',
    address,
    as: responder?.asn == null ? '' : asLabel(responder.asn),
    asName: responder?.asName ?? '',
    isOnOtherRoute,
    tag,
    last: formatMsCell(statistics.lastMs),
    min: formatMsCell(statistics.minMs),
    median: formatMsCell(statistics.medianMs),
    threshold: formatMsCell(statistics.thresholdMs),
    worst: formatMsCell(statistics.maxMs),
    stdev: formatMsCell(statistics.stdevMs),
    samples: formatCount(statistics.samples),
    status,
  };
}

/** Statistics of a responder that replied without times. */
function statisticsWithoutTimes(ttl: number, address: string): HopStatistics {
  return {
    ttl,
    address,
    samples: 0,
    lastMs: null,
    minMs: null,
    q1Ms: null,
    medianMs: null,
    q3Ms: null,
    maxMs: null,
    stdevMs: null,
    thresholdMs: null,
    status: 'unknown',
  };
}

/**
 * A responder known only by name. It has no statistics because the name does not identify the
 * interface.
 */
function namedRow(analysis: KnownResponders, { ttl, name, rttMs }: NamedAnswer): ResponderRow {
  return {
    ...responderRow(analysis, statisticsWithoutTimes(ttl, ''), '', false),
    name,
    last: formatMsCell(rttMs),
  };
}

/** Responders of the latest trace, then usual ones of its route, then those of other routes. */
function rowsOfHop(
  analysis: KnownResponders,
  { ttl, addresses, named, usual }: CurrentHop,
  known: readonly HopStatistics[],
): Pick<HopGroup, 'rows' | 'omittedOtherRouteRows'> {
  const find = (address: string): HopStatistics =>
    known.find((candidate) => candidate.address === address) ??
    statisticsWithoutTimes(ttl, address);
  const tag = addresses.length === 0 && named === null ? 'silent now' : '';
  const others = known.filter(
    ({ address }) => !usual.includes(address) && !addresses.includes(address),
  );
  const shown = others.slice(0, maxOtherRouteRows);
  return {
    rows: [
      ...(named === null ? [] : [namedRow(analysis, named)]),
      ...addresses.map((address) => responderRow(analysis, find(address), '', false)),
      ...usual
        .filter((address) => !addresses.includes(address))
        .map((address) => responderRow(analysis, find(address), tag, false)),
      ...shown.map((statistics) => responderRow(analysis, statistics, '', true)),
    ],
    omittedOtherRouteRows: others.length - shown.length,
  };
}

/** The statistics with the number of replies per address, for tools that count probes. */
function withReplyCounts(
  known: readonly HopStatistics[],
  loss: HopLoss | undefined,
): readonly HopStatistics[] {
  const replies = loss?.replies;
  if (replies === undefined) return known;
  return known.map((each) => ({ ...each, samples: replies.get(each.address) ?? each.samples }));
}

function silentGroup(first: number, last: number): HopGroup {
  return {
    ttl: first === last ? `${first}` : `${first}–${last}`,
    silent: `${pluralize(last - first + 1, 'hop')} silent`,
    asBoundary: false,
    loss: unknownText,
    lossKind: 'none',
    sent: unknownText,
    mtu: '',
    error: '',
    rows: [],
    omittedOtherRouteRows: 0,
  };
}

/** A hop with responders, or with a reply by name. */
function respondingGroup(
  analysis: KnownResponders,
  hop: CurrentHop,
  loss: HopLoss | undefined,
  statistics: readonly HopStatistics[],
): Omit<HopGroup, 'asBoundary'> {
  return {
    ttl: `${hop.ttl}`,
    silent: '',
    loss: formatPercent(loss?.lossPct ?? null),
    lossKind: lossKind(loss),
    sent: formatCount(loss?.sent ?? null),
    mtu: hop.mtu === null ? '' : `${hop.mtu}`,
    error: hop.error ?? '',
    ...rowsOfHop(analysis, hop, withReplyCounts(statistics, loss)),
  };
}

/**
 * The hops of the current route with the statistics of the window; consecutive silent hops form one
 * group.
 */
export function hopTable(
  analysis: KnownResponders,
  hops: readonly CurrentHop[],
  losses: readonly HopLoss[],
  byTtl: StatisticsByTtl,
): HopGroup[] {
  const groups: HopGroup[] = [];
  let previousAsn: number | null = null;
  let silentFrom: number | null = null;
  for (const [index, hop] of hops.entries()) {
    const [first] = hop.addresses.length > 0 ? hop.addresses : hop.usual;
    if (first === undefined && hop.named === null) {
      if (silentFrom !== null) groups.pop();
      silentFrom ??= hop.ttl;
      groups.push(silentGroup(silentFrom, hop.ttl));
      continue;
    }
    silentFrom = null;
    const group = respondingGroup(analysis, hop, losses[index], byTtl.get(hop.ttl) ?? []);
    const asn = analysis.responders.get(first ?? '')?.asn ?? null;
    const asBoundary = asn !== null && previousAsn !== null && asn !== previousAsn;
    groups.push({ ...group, asBoundary });
    previousAsn = asn ?? previousAsn;
  }
  return groups;
}
