import type { HopStatistics, TestAnalysis } from '../../model/analysis.ts';
import {
  asLabel,
  formatCount,
  formatMsCell,
  formatPercent,
  pluralize,
  unknownText,
} from '../../model/format.ts';
import type { NamedAnswer } from '../../model/trace.ts';
import type { CurrentHop } from '../route/currentRoute.ts';
import { type HopLoss, type LossKind, lossKind, type StatisticsByTtl } from '../route/hopLoss.ts';

/** A responder at one ttl: its own row of the table. */
interface ResponderRow {
  readonly name: string;
  readonly address: string;
  readonly as: string;
  readonly asName: string;
  /** Seen at this ttl in the window, but on other routes than the one in use. */
  readonly isOnOtherRoute: boolean;
  /** `silent now`: usual here, yet not in the latest trace; '' for none. */
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

/** One hop, or a run of silent ones when `silent` is not ''. */
export interface HopGroup {
  readonly ttl: string;
  readonly silent: string;
  /** The AS differs from the one of the hop above. */
  readonly asBoundary: boolean;
  readonly loss: string;
  /** `none`; `bad`: as far as the destination; `local`: only here, so not on the path. */
  readonly lossKind: LossKind;
  readonly sent: string;
  readonly mtu: string;
  readonly error: string;
  readonly rows: readonly ResponderRow[];
  /** Responders of other routes that are not listed. */
  readonly omittedOtherRouteRows: number;
}

/** Responders of other routes listed at one ttl. */
const maxOtherRouteRows = 4;

function responderRow(
  { responders }: TestAnalysis,
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

/** What stands in for a responder that answered without a time, so that no statistics exist. */
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

/** A responder known by its name alone: it has no statistics, since a name does not tell which interface answered. */
function namedRow(analysis: TestAnalysis, { ttl, name, rttMs }: NamedAnswer): ResponderRow {
  return {
    ...responderRow(analysis, statisticsWithoutTimes(ttl, ''), '', false),
    name,
    last: formatMsCell(rttMs),
  };
}

/** Responders of the latest trace, then those usual on its route, then those of other routes. */
function rowsOfHop(
  analysis: TestAnalysis,
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

/** The statistics with the number of answers of each address, where probes are counted; else each sample is one. */
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

/** The hops of the route in use with the window's statistics; hops that stay silent on this route fold into runs. */
export function hopTable(
  analysis: TestAnalysis,
  hops: readonly CurrentHop[],
  losses: readonly HopLoss[],
  byTtl: StatisticsByTtl,
): HopGroup[] {
  const groups: HopGroup[] = [];
  let asn: number | null = null;
  let silentFrom = 0;
  hops.forEach((hop, index) => {
    const [first] = hop.addresses.length > 0 ? hop.addresses : hop.usual;
    if (first === undefined && hop.named === null) {
      if (silentFrom > 0) groups.pop();
      else silentFrom = hop.ttl;
      groups.push(silentGroup(silentFrom, hop.ttl));
      return;
    }
    silentFrom = 0;
    const loss = losses[index];
    const own = analysis.responders.get(first ?? '')?.asn ?? null;
    groups.push({
      ttl: `${hop.ttl}`,
      silent: '',
      asBoundary: own !== null && asn !== null && own !== asn,
      loss: formatPercent(loss?.lossPct ?? null),
      lossKind: lossKind(loss),
      sent: formatCount(loss?.sent ?? null),
      mtu: hop.mtu === null ? '' : `${hop.mtu}`,
      error: hop.error ?? '',
      ...rowsOfHop(analysis, hop, withReplyCounts(byTtl.get(hop.ttl) ?? [], loss)),
    });
    asn = own ?? asn;
  });
  return groups;
}
