import type { PatternHop, TestAnalysis } from '../../model/site/analysis.ts';
import { newestRtts } from '../../model/site/dailyTimeline.ts';
import type { ResponderLookup } from '../responderText.ts';
import { currentRoute } from '../route/currentRoute.ts';
import { type DiffView, diffLines } from '../route/diffView.ts';
import { asPathDiff } from '../route/routeDiff.ts';
import { alignByDevice, deviceDiffSummary } from './deviceDiff.ts';
import { rttComparison } from './rttShift.ts';

/** The current routes of two tests of a pair, side by side. */
export interface CrossView {
  readonly rtt: string;
  readonly summary: string;
  readonly asSteps: DiffView['asSteps'];
  readonly asChanged: boolean;
  readonly lines: DiffView['lines'];
}

/**
 * Compares two tests by device. `isReversed`: `other` has the reverse direction
 * and is read from its end. null if a route is missing.
 */
export function crossView(
  own: TestAnalysis,
  other: TestAnalysis,
  isReversed: boolean,
): CrossView | null {
  const responders: ResponderLookup = {
    get: (address) => own.responders.get(address) ?? other.responders.get(address),
  };
  const left = innerHops(own);
  const right = isReversed ? innerHops(other).toReversed() : innerHops(other);
  if (left.length === 0 || right.length === 0) return null;
  const asSteps = asPathDiff(own.asPath, isReversed ? other.asPath.toReversed() : other.asPath);
  const rows = alignByDevice(left, right, responders);
  const lines = diffLines(responders, rows);
  return {
    rtt: rttComparison(newestRtts(own), newestRtts(other)),
    summary: deviceDiffSummary(rows),
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
