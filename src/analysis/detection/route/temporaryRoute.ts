import { median } from '../../../model/statistics.ts';
import type { RouteState } from '../detectionState.ts';
import type { DeviceTable } from '../identity/devices.ts';
import { destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { smallestRelevantShift } from '../relevantShift.ts';
import { type Baseline, createBaseline, isIrregular, learnObservation } from './baseline.ts';
import { isUsualRtt, usualEndTtl } from './baselineStatistics.ts';
import { pruneBaselines } from './routeState.ts';

/** A baseline of fewer traces is still discovering its load balancing. */
const youngTraces = 40;
/** A baseline of fewer traces does not even know the times of all its branches. */
const veryYoungTraces = 24;
/** Load balancing differs within so many neighboring ttls, and in length by so many hops. */
const maxLocalTtls = 4;
const maxLengthDifference = 1;
/** Newest times of a route that make its level. */
const levelSamples = 12;

/**
 * Handles a route that came back before a change was certain. Load balancing is learned: a local
 * deviation of a young baseline, one where load balancing is known, one seen before, and what
 * continues after a flap was reported. Anything else is remembered as a route that exists. Returns
 * whether a temporary route was faster or slower than the usual one, so that it was no load
 * balancing.
 */
export function resolveTemporaryRoute(
  state: RouteState,
  current: Baseline,
  table: DeviceTable,
): boolean {
  const differing: Observation[] = [];
  let isRealRoute = false;
  for (const { observation, baselineId } of state.deviations) {
    const again = baselineId !== null;
    const habit = again && state.flaps > 0;
    if (habit || isLoadBalancing(observation, current, table, again)) {
      learnObservation(current, observation);
      continue;
    }
    if (!isUsualRtt(current, observation.rttMs)) isRealRoute = true;
    if (baselineId === null) differing.push(observation);
    else
      learnObservation(
        state.baselines.find((candidate) => candidate.id === baselineId) ?? current,
        observation,
      );
  }
  const first = differing[0];
  if (first === undefined) return isRealRoute;
  const remembered = createBaseline(state.nextBaselineId++, first.at);
  for (const observation of differing) learnObservation(remembered, observation);
  state.baselines.splice(1, 0, remembered);
  pruneBaselines(state);
  return isRealRoute;
}

/** Whether a deviation, `again` for one seen before, is load balancing of the baseline. */
function isLoadBalancing(
  observation: Observation,
  baseline: Baseline,
  table: DeviceTable,
  again: boolean,
): boolean {
  if (!isLocal(observation, baseline, table, again)) return false;
  return again
    ? !isNoticeablyDifferent(observation, baseline)
    : expectsMoreBranches(observation, baseline);
}

/**
 * Whether a deviation is local: only a few neighboring ttls differ, in an AS that the baseline
 * knows, and the route takes the usual time and, unless `anyLength`, has the usual length.
 */
function isLocal(
  observation: Observation,
  baseline: Baseline,
  table: DeviceTable,
  anyLength: boolean,
): boolean {
  const { devices, ttls, destinationTtl, rttMs } = observation;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let i = 0; i < devices.length; i++) {
    const device = devices[i] as number;
    if (device === destinationDevice || !isIrregular(baseline, device)) continue;
    first = Math.min(first, ttls[i] as number);
    last = Math.max(last, ttls[i] as number);
    if (!passesAsOf(baseline, device, table)) return false;
  }
  if (last - first >= maxLocalTtls) return false;
  if (baseline.traces >= veryYoungTraces && !isUsualRtt(baseline, rttMs)) return false;
  const usual = usualEndTtl(baseline);
  return (
    anyLength ||
    destinationTtl === null ||
    usual === null ||
    Math.abs(destinationTtl - usual) <= maxLengthDifference
  );
}

/** Whether a known route is clearly faster or slower, so that it is no branch of this one. */
function isNoticeablyDifferent({ rttMs }: Observation, { reachedRtts }: Baseline): boolean {
  const level = median(reachedRtts.slice(-levelSamples).map(({ ms }) => ms));
  return rttMs !== null && level !== null && Math.abs(rttMs - level) > smallestRelevantShift(level);
}

/** Whether the baseline passes the AS of a device, or that AS is unknown. */
function passesAsOf(baseline: Baseline, device: number, table: DeviceTable): boolean {
  const asn = table.list[device]?.asn ?? null;
  if (asn === null) return true;
  for (const id in baseline.seen) {
    const other = Number(id);
    if (table.list[other]?.asn === asn && !isIrregular(baseline, other)) return true;
  }
  return false;
}

/** Whether the baseline is young, or balances load at one of the ttls that differ. */
function expectsMoreBranches(observation: Observation, baseline: Baseline): boolean {
  if (baseline.traces < youngTraces) return true;
  return observation.devices.some((device, index) => {
    if (device === destinationDevice || !isIrregular(baseline, device)) return false;
    const position = baseline.positions[observation.ttls[index] as number];
    return position ? Object.keys(position.devices).length > 1 : false;
  });
}
