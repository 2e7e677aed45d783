import type { PatternHop, TestAnalysis } from '../../model/analysis.ts';
import { newestRtts } from '../../model/dailyTimeline.ts';
import { formatMs, formatMsChange, pluralize } from '../../model/format.ts';
import { upperMedian } from '../../model/statistics.ts';
import { currentRoute } from '../route/currentRoute.ts';
import { type DiffView, diffLines } from '../route/diffView.ts';
import { asPathDiff, type DiffRow, routeDiff } from '../route/routeDiff.ts';
import { rttShift } from './rttShift.ts';

/** The current routes of two tests of a pair, side by side. */
export interface CrossView {
  readonly rtt: string;
  readonly summary: string;
  readonly asSteps: DiffView['asSteps'];
  readonly asChanged: boolean;
  readonly lines: DiffView['lines'];
}

/** The responders of two tests. */
type CombinedResponders = Pick<TestAnalysis['responders'], 'get'>;

/**
 * Compares two tests by device. Addresses differ between directions and families, so the host name
 * without its interface label identifies a router. `isReversed`: `other` has the reverse direction
 * and is read from its end. null if a route is missing.
 */
export function crossView(
  own: TestAnalysis,
  other: TestAnalysis,
  isReversed: boolean,
): CrossView | null {
  const responders: CombinedResponders = {
    get: (address) => own.responders.get(address) ?? other.responders.get(address),
  };
  const left = innerHops(own);
  const right = isReversed ? innerHops(other).toReversed() : innerHops(other);
  if (left.length === 0 || right.length === 0) return null;
  const asSteps = asPathDiff(own.asPath, isReversed ? other.asPath.toReversed() : other.asPath);
  const rows = alignByDevice(left, right, responders);
  const lines = diffLines(responders, rows);
  const different = rows.filter(({ mark }) => mark !== '=').length;
  return {
    rtt: rttText(own, other),
    summary:
      different === 0
        ? 'Same routers, as far as they reply and have names.'
        : `${pluralize(different, 'hop')} of ${rows.length} have no counterpart of the same name.`,
    asSteps,
    asChanged: asSteps.some(({ mark }) => mark !== '='),
    lines,
  };
}

/**
 * The current route without the destination and the silent hops before it, which are not compared.
 */
function innerHops(analysis: TestAnalysis): PatternHop[] {
  const { responders } = analysis;
  const hops = currentRoute(analysis).map(({ ttl, addresses }) => ({
    ttl,
    addresses,
    asn: responders.get(addresses[0] ?? '')?.asn ?? null,
  }));
  const inner = analysis.latest?.route.reached ? hops.slice(0, -1) : hops;
  return inner.slice(0, inner.findLastIndex(({ addresses }) => addresses.length > 0) + 1);
}

/** A hop with device names in place of addresses. */
interface DeviceHop extends PatternHop {
  readonly hop: PatternHop;
}

/** Aligns hops by device. */
function alignByDevice(
  left: readonly PatternHop[],
  right: readonly PatternHop[],
  responders: CombinedResponders,
): DiffRow[] {
  const toDeviceHop = (hop: PatternHop): DeviceHop => {
    const addresses = hop.addresses.map((each) => deviceName(each, responders));
    return { ttl: hop.ttl, asn: hop.asn, addresses, hop };
  };
  return routeDiff(left.map(toDeviceHop), right.map(toDeviceHop)).rows.map((row) => ({
    mark: row.mark,
    left: row.left?.hop ?? null,
    right: row.right?.hop ?? null,
  }));
}

/**
 * Removes the interface label: `cr1.osl.example.net` for `ae0.cr1.osl.example.net`. A name of three
 * labels stays; without a name, returns the address.
 */
function deviceName(address: string, responders: CombinedResponders): string {
  const hostname = responders.get(address)?.hostname ?? address;
  if (hostname === address) return address;
  const long = hostname.split('.', 4).length > 3;
  return long ? hostname.slice(hostname.indexOf('.') + 1) : hostname;
}

function rttText(own: TestAnalysis, other: TestAnalysis): string {
  const [left, right] = [newestRtts(own), newestRtts(other)];
  const shift = rttShift(left, right);
  if (shift === null) return 'Too few round-trip times to compare.';
  const { estimate: shiftMs, low: lowMs, high: highMs } = shift;
  const samples = `newest ${left.length} and ${right.length} traces`;
  const medians = `RTT ${formatMs(upperMedian(left))} vs. ${formatMs(upperMedian(right))}`;
  const most = Math.max(Math.abs(lowMs), Math.abs(highMs));
  if (most < 0.1) return `${medians}: no difference (95% within 0.1 ms; ${samples}).`;
  const interval = `95% between ${formatMsChange(lowMs)} and ${formatMsChange(highMs)}`;
  return `${medians}: ${formatMsChange(shiftMs)} (${interval}; ${samples}).`;
}
